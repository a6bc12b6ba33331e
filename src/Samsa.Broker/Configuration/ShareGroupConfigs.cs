namespace Samsa.Broker.Configuration;

/// <summary>Share groups (KIP-932) and their coordinator.</summary>
public static class ShareGroupConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>group.share.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> AssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.share.assignment.interval.ms", 1000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Minimum spacing between share group assignment computations.",
    });

    /// <summary><c>group.share.assignors</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> Assignors = Table.Add(new ConfigKey<IReadOnlyList<string>>("group.share.assignors", ["simple"])
    {
        NonEmpty = true,
        Doc = "Server-side assignors for share groups.",
    });

    /// <summary><c>group.share.delivery.count.limit</c></summary>
    public static readonly ConfigKey<int> DeliveryCountLimit = Table.Add(new ConfigKey<int>("group.share.delivery.count.limit", 5)
    {
        Min = 2, Max = 10,
        Doc = "Maximum delivery attempts for a record in share groups.",
    });

    /// <summary><c>group.share.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> HeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.share.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Default heartbeat period for share group members.",
    });

    /// <summary><c>group.share.max.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> MaxAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.share.max.assignment.interval.ms", 15_000)
    {
        Min = 0,
        Doc = "Largest assignment interval a share group may configure.",
    });

    /// <summary><c>group.share.max.delivery.count.limit</c></summary>
    public static readonly ConfigKey<int> MaxDeliveryCountLimit = Table.Add(new ConfigKey<int>("group.share.max.delivery.count.limit", 10)
    {
        Min = 5, Max = 25,
        Doc = "Largest delivery count limit a share group may configure.",
    });

    /// <summary><c>group.share.max.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> MaxHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.share.max.heartbeat.interval.ms", 15_000)
    {
        Min = 1,
        Doc = "Largest heartbeat period a share group may configure.",
    });

    /// <summary><c>group.share.max.partition.max.record.locks</c></summary>
    public static readonly ConfigKey<int> MaxPartitionMaxRecordLocks = Table.Add(new ConfigKey<int>("group.share.max.partition.max.record.locks", 4000)
    {
        Min = 2000, Max = 10_000,
        Doc = "Largest record lock limit a share group may configure.",
    });

    /// <summary><c>group.share.max.record.lock.duration.ms</c></summary>
    public static readonly ConfigKey<int> MaxRecordLockDurationMs = Table.Add(new ConfigKey<int>("group.share.max.record.lock.duration.ms", 60_000)
    {
        Min = 30_000, Max = 3_600_000,
        Doc = "Largest record lock time a share group may configure.",
    });

    /// <summary><c>group.share.max.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MaxSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.share.max.session.timeout.ms", 60_000)
    {
        Min = 1,
        Doc = "Largest session timeout a share group may configure.",
    });

    /// <summary><c>group.share.max.share.sessions</c></summary>
    public static readonly ConfigKey<int> MaxShareSessions = Table.Add(new ConfigKey<int>("group.share.max.share.sessions", 2000)
    {
        Min = 1,
        Doc = "Maximum share sessions per broker.",
    });

    /// <summary><c>group.share.max.size</c></summary>
    public static readonly ConfigKey<int> MaxSize = Table.Add(new ConfigKey<int>("group.share.max.size", 200)
    {
        Min = 1, Max = 1000,
        Doc = "Maximum members in one share group.",
    });

    /// <summary><c>group.share.min.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> MinAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.share.min.assignment.interval.ms", 0)
    {
        Min = 0,
        Doc = "Smallest assignment interval a share group may configure.",
    });

    /// <summary><c>group.share.min.delivery.count.limit</c></summary>
    public static readonly ConfigKey<int> MinDeliveryCountLimit = Table.Add(new ConfigKey<int>("group.share.min.delivery.count.limit", 2)
    {
        Min = 2, Max = 5,
        Doc = "Smallest delivery count limit a share group may configure.",
    });

    /// <summary><c>group.share.min.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> MinHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.share.min.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Smallest heartbeat period a share group may configure.",
    });

    /// <summary><c>group.share.min.partition.max.record.locks</c></summary>
    public static readonly ConfigKey<int> MinPartitionMaxRecordLocks = Table.Add(new ConfigKey<int>("group.share.min.partition.max.record.locks", 100)
    {
        Min = 100, Max = 2000,
        Doc = "Smallest record lock limit a share group may configure.",
    });

    /// <summary><c>group.share.min.record.lock.duration.ms</c></summary>
    public static readonly ConfigKey<int> MinRecordLockDurationMs = Table.Add(new ConfigKey<int>("group.share.min.record.lock.duration.ms", 15_000)
    {
        Min = 1000, Max = 30_000,
        Doc = "Smallest record lock time a share group may configure.",
    });

    /// <summary><c>group.share.min.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MinSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.share.min.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Smallest session timeout a share group may configure.",
    });

    /// <summary><c>group.share.partition.max.record.locks</c></summary>
    public static readonly ConfigKey<int> PartitionMaxRecordLocks = Table.Add(new ConfigKey<int>("group.share.partition.max.record.locks", 2000)
    {
        Min = 100, Max = 10_000,
        Doc = "Maximum acquired records per share partition.",
    });

    /// <summary><c>group.share.record.lock.duration.ms</c></summary>
    public static readonly ConfigKey<int> RecordLockDurationMs = Table.Add(new ConfigKey<int>("group.share.record.lock.duration.ms", 30_000)
    {
        Min = 1000, Max = 3_600_000,
        Doc = "Time a consumer holds an acquired record.",
    });

    /// <summary><c>group.share.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> SessionTimeoutMs = Table.Add(new ConfigKey<int>("group.share.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Default session timeout for share group members.",
    });

    /// <summary><c>share.coordinator.append.linger.ms</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorAppendLingerMs = Table.Add(new ConfigKey<int>("share.coordinator.append.linger.ms", -1)
    {
        Min = -1,
        Doc = "Time the share coordinator batches writes; -1 adapts automatically.",
    });

    /// <summary><c>share.coordinator.cached.buffer.max.bytes</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorCachedBufferMaxBytes = Table.Add(new ConfigKey<int>("share.coordinator.cached.buffer.max.bytes", 1_048_588)
    {
        Min = 524_288, Scope = ConfigScope.ClusterWide,
        Doc = "Largest append buffer the share coordinator keeps for reuse.",
    });

    /// <summary><c>share.coordinator.load.buffer.size</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorLoadBufferSize = Table.Add(new ConfigKey<int>("share.coordinator.load.buffer.size", 5_242_880)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Batch size when loading the share state topic.",
    });

    /// <summary><c>share.coordinator.snapshot.update.records.per.snapshot</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorSnapshotUpdateRecordsPerSnapshot = Table.Add(new ConfigKey<int>("share.coordinator.snapshot.update.records.per.snapshot", 500)
    {
        Min = 0, Max = 500,
        Doc = "Update records written between share state snapshots.",
    });

    /// <summary><c>share.coordinator.state.topic.compression.codec</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorStateTopicCompressionCodec = Table.Add(new ConfigKey<int>("share.coordinator.state.topic.compression.codec", 0)
    {
        Importance = ConfigImportance.High,
        Doc = "Codec id of the share state topic.",
    });

    /// <summary><c>share.coordinator.state.topic.min.isr</c></summary>
    public static readonly ConfigKey<short> ShareCoordinatorStateTopicMinIsr = Table.Add(new ConfigKey<short>("share.coordinator.state.topic.min.isr", 2)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "min.insync.replicas of the share state topic.",
    });

    /// <summary><c>share.coordinator.state.topic.num.partitions</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorStateTopicNumPartitions = Table.Add(new ConfigKey<int>("share.coordinator.state.topic.num.partitions", 50)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Partitions of the share state topic.",
    });

    /// <summary><c>share.coordinator.state.topic.replication.factor</c></summary>
    public static readonly ConfigKey<short> ShareCoordinatorStateTopicReplicationFactor = Table.Add(new ConfigKey<short>("share.coordinator.state.topic.replication.factor", 3)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Replication factor of the share state topic, or the number of brokers where that is smaller.",
    });

    /// <summary><c>share.coordinator.state.topic.segment.bytes</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorStateTopicSegmentBytes = Table.Add(new ConfigKey<int>("share.coordinator.state.topic.segment.bytes", 104_857_600)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Segment size of the share state topic.",
    });

    /// <summary><c>share.coordinator.write.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ShareCoordinatorWriteTimeoutMs = Table.Add(new ConfigKey<int>("share.coordinator.write.timeout.ms", 5000)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Time to wait for a share state write to replicate.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
