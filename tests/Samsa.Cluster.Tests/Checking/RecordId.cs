namespace Samsa.Cluster.Tests.Checking;

/// <summary>One record of a workload, wherever it ends up: its producer numbers what it sends to each partition from 0 on.</summary>
public readonly record struct RecordId(int Producer, int Partition, long Number)
{
    public override string ToString() => $"record {Number} of producer {Producer} to partition {Partition}";
}

/// <summary>What a reader saw at an offset; no id when the value is none that a producer made.</summary>
public readonly record struct Seen(long Offset, RecordId? Record)
{
    /// <summary>Under which id and epoch its producer wrote it; known of logs on disk alone.</summary>
    public ProducerSession Session { get; init; }
}

/// <summary>An idempotent producer between two bumps of its epoch: within one a broker recognises what it was sent before.</summary>
public readonly record struct ProducerSession(long Id, short Epoch);
