using Samsa.Model;

namespace Samsa.Broker.Metrics;

/// <summary>What <see cref="BrokerMetrics"/> looks up when somebody asks; nothing is kept up to date for nobody.</summary>
public sealed record BrokerReadings
{
    /// <summary>Counts of partitions.</summary>
    public Func<PartitionCounts> Partitions { get; init; } = static () => default;

    /// <summary>What replication did.</summary>
    public Func<ReplicationReading> Replication { get; init; } = static () => default;

    /// <summary>How many records each partition that follows lacks of what is committed.</summary>
    public Func<IEnumerable<(TopicPartition Partition, long Records)>> ReplicaLags { get; init; } = static () => [];

    /// <summary>The groups coordinated here.</summary>
    public Func<GroupReading> Groups { get; init; } = static () => GroupReading.None;

    /// <summary>The data directories.</summary>
    public Func<IEnumerable<LogDirectoryReading>> LogDirectories { get; init; } = static () => [];

    /// <summary>Fetches that wait for records.</summary>
    public Func<long> WaitingFetches { get; init; } = static () => 0;

    /// <summary>Incremental fetch sessions.</summary>
    public Func<long> FetchSessions { get; init; } = static () => 0;

    /// <summary>Committed records of the metadata log that are not here yet.</summary>
    public Func<long> MetadataBehind { get; init; } = static () => 0;

    /// <summary>Whether the broker serves.</summary>
    public Func<bool> IsReady { get; init; } = static () => false;

    /// <summary>Entries of the log that were dropped.</summary>
    public Func<long> DroppedLogEntries { get; init; } = static () => 0;
}

/// <summary>Counts of partitions.</summary>
/// <param name="Hosted">On this broker.</param>
/// <param name="Led">Led by this broker.</param>
/// <param name="Offline">Unusable because of their disk.</param>
/// <param name="UnderReplicated">Led, with replicas out of sync.</param>
/// <param name="UnderMinIsr">Led, with too few in-sync replicas for acks=all.</param>
/// <param name="AtMinIsr">Led, with no in-sync replica to spare.</param>
public readonly record struct PartitionCounts(int Hosted, int Led, int Offline, int UnderReplicated, int UnderMinIsr, int AtMinIsr);

/// <summary>What replication did since the start.</summary>
/// <param name="Shrinks">How often a partition led here lost a replica in sync.</param>
/// <param name="Expands">How often one won a replica in sync.</param>
/// <param name="BytesIn">Bytes fetched from leaders.</param>
/// <param name="BytesOut">Bytes that followers fetched here.</param>
public readonly record struct ReplicationReading(long Shrinks, long Expands, long BytesIn, long BytesOut);

/// <summary>A data directory.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Bytes">Bytes of the logs in it.</param>
/// <param name="FreeBytes">Bytes free on its disk.</param>
/// <param name="IsOnline">Whether it is in use.</param>
public readonly record struct LogDirectoryReading(string Path, long Bytes, long FreeBytes, bool IsOnline);
