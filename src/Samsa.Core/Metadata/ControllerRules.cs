namespace Samsa.Core.Metadata;

/// <summary>What the controller's decisions depend on besides the cluster's state.</summary>
public sealed record ControllerRules
{
    /// <summary>The id of the cluster; brokers of another one are refused.</summary>
    public required string ClusterId { get; init; }

    /// <summary>What elections need to know of a topic's configuration.</summary>
    public required Func<MetadataImage, string, TopicRules> TopicRulesOf { get; init; }

    /// <summary><c>broker.session.timeout.ms</c>.</summary>
    public long SessionTimeoutMs { get; init; } = 9000;

    /// <summary><c>samsa.broker.return.ms</c>: how long a broker whose connection is lost has to be back.</summary>
    public long ReturnMs { get; init; } = 500;

    /// <summary>How often leadership goes back to preferred replicas (<c>leader.imbalance.check.interval.seconds</c>); null: never by itself.</summary>
    public long? RebalanceIntervalMs { get; init; } = 300_000;

    /// <summary>Whether <c>min.insync.replicas</c> was given at start, so that the cluster must not choose it.</summary>
    public bool MinInSyncReplicasIsGiven { get; init; }
}

/// <summary>What elections need to know of a topic's configuration.</summary>
/// <param name="MinInSyncReplicas"><c>min.insync.replicas</c>.</param>
/// <param name="AllowsUncleanElection"><c>unclean.leader.election.enable</c>.</param>
public readonly record struct TopicRules(int MinInSyncReplicas, bool AllowsUncleanElection);
