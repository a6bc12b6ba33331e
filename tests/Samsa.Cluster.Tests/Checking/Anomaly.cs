namespace Samsa.Cluster.Tests.Checking;

/// <summary>A broken promise.</summary>
public sealed record Anomaly(AnomalyKind Kind, string What)
{
    public override string ToString() => $"{Kind}: {What}";
}

/// <summary>The ways in which a log can break its promises, after the kafka workload of Jepsen.</summary>
public enum AnomalyKind
{
    /// <summary>An acknowledged record is not in the log.</summary>
    LostWrite,

    /// <summary>A consumer was given a record that is not in the log at the end.</summary>
    Vanished,

    /// <summary>A record that its producer knows to have failed is in the log.</summary>
    FailedWriteIsThere,

    /// <summary>Something is in the log that nobody sent, or that was damaged.</summary>
    Phantom,

    /// <summary>An idempotent producer's record is there twice.</summary>
    Duplicate,

    /// <summary>Two of a producer's records stand in the other order than they were sent.</summary>
    Reordered,

    /// <summary>Two values were seen at one offset.</summary>
    InconsistentOffset,

    /// <summary>A consumer's offsets went back, or stood still, while it held the partition.</summary>
    NonmonotonicPoll,

    /// <summary>A consumer was not given records between two others.</summary>
    SkippedPoll,

    /// <summary>An acknowledged record that no consumer of the group was ever given.</summary>
    Unseen,

    /// <summary>The group continues before an offset that it was told to be committed.</summary>
    CommitWentBack,
}
