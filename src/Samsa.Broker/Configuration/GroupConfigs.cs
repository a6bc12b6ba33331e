namespace Samsa.Broker.Configuration;

/// <summary>Classic and consumer groups (KIP-848), their coordinator and committed offsets.</summary>
public static class GroupConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>group.consumer.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.assignment.interval.ms", 1000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Minimum spacing between consumer group assignment computations.",
    });

    /// <summary><c>group.consumer.assignors</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ConsumerAssignors = Table.Add(new ConfigKey<IReadOnlyList<string>>("group.consumer.assignors", ["uniform", "range"])
    {
        NonEmpty = true, Allowed = ["uniform", "range"],
        Doc = "Server-side assignors for consumer groups; first is the default.",
    });

    /// <summary><c>group.consumer.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Default heartbeat period for consumer group members.",
    });

    /// <summary><c>group.consumer.max.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMaxAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.max.assignment.interval.ms", 15_000)
    {
        Min = 0,
        Doc = "Largest assignment interval a consumer group may configure.",
    });

    /// <summary><c>group.consumer.max.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMaxHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.max.heartbeat.interval.ms", 15_000)
    {
        Min = 1,
        Doc = "Largest heartbeat period a consumer group may configure.",
    });

    /// <summary><c>group.consumer.max.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMaxSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.consumer.max.session.timeout.ms", 60_000)
    {
        Min = 1,
        Doc = "Largest session timeout a consumer group may configure.",
    });

    /// <summary><c>group.consumer.max.size</c></summary>
    public static readonly ConfigKey<int> ConsumerMaxSize = Table.Add(new ConfigKey<int>("group.consumer.max.size", int.MaxValue)
    {
        Min = 1,
        Doc = "Maximum members in one consumer group.",
    });

    /// <summary><c>group.consumer.migration.policy</c></summary>
    public static readonly ConfigKey<string> ConsumerMigrationPolicy = Table.Add(new ConfigKey<string>("group.consumer.migration.policy", "bidirectional")
    {
        Allowed = ["disabled", "downgrade", "upgrade", "bidirectional"], IgnoreCase = true,
        Doc = "Allowed online conversions between classic and consumer groups.",
    });

    /// <summary><c>group.consumer.min.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMinAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.min.assignment.interval.ms", 0)
    {
        Min = 0,
        Doc = "Smallest assignment interval a consumer group may configure.",
    });

    /// <summary><c>group.consumer.min.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMinHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.consumer.min.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Smallest heartbeat period a consumer group may configure.",
    });

    /// <summary><c>group.consumer.min.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerMinSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.consumer.min.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Smallest session timeout a consumer group may configure.",
    });

    /// <summary><c>group.consumer.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.consumer.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Default session timeout for consumer group members.",
    });

    /// <summary><c>group.coordinator.append.linger.ms</c></summary>
    public static readonly ConfigKey<int> CoordinatorAppendLingerMs = Table.Add(new ConfigKey<int>("group.coordinator.append.linger.ms", -1)
    {
        Min = -1,
        Doc = "Time the coordinator batches writes; -1 adapts automatically.",
    });

    /// <summary><c>group.coordinator.cached.buffer.max.bytes</c></summary>
    public static readonly ConfigKey<int> CoordinatorCachedBufferMaxBytes = Table.Add(new ConfigKey<int>("group.coordinator.cached.buffer.max.bytes", 1_048_588)
    {
        Min = 524_288, Scope = ConfigScope.ClusterWide,
        Doc = "Largest append buffer the coordinator keeps for reuse.",
    });

    /// <summary><c>group.coordinator.rebalance.protocols</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> CoordinatorRebalanceProtocols = Table.Add(new ConfigKey<IReadOnlyList<string>>("group.coordinator.rebalance.protocols", ["classic", "consumer", "streams"])
    {
        Allowed = ["classic", "consumer", "share", "streams"],
        Doc = "Enabled group protocols.",
    });

    /// <summary><c>group.initial.rebalance.delay.ms</c></summary>
    public static readonly ConfigKey<int> InitialRebalanceDelayMs = Table.Add(new ConfigKey<int>("group.initial.rebalance.delay.ms", 3000)
    {
        Doc = "Wait for more members before the first classic rebalance.",
    });

    /// <summary><c>group.max.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MaxSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.max.session.timeout.ms", 1_800_000)
    {
        Doc = "Largest session timeout allowed for classic members.",
    });

    /// <summary><c>group.max.size</c></summary>
    public static readonly ConfigKey<int> MaxSize = Table.Add(new ConfigKey<int>("group.max.size", int.MaxValue)
    {
        Min = 1,
        Doc = "Maximum members in one classic group.",
    });

    /// <summary><c>group.min.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MinSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.min.session.timeout.ms", 6000)
    {
        Doc = "Smallest session timeout allowed for classic members.",
    });

    /// <summary><c>offset.metadata.max.bytes</c></summary>
    public static readonly ConfigKey<int> OffsetMetadataMaxBytes = Table.Add(new ConfigKey<int>("offset.metadata.max.bytes", 4096)
    {
        Importance = ConfigImportance.High,
        Doc = "Largest metadata string in an offset commit.",
    });

    /// <summary><c>offsets.commit.timeout.ms</c></summary>
    public static readonly ConfigKey<int> OffsetsCommitTimeoutMs = Table.Add(new ConfigKey<int>("offsets.commit.timeout.ms", 5000)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Time to wait for an offset commit to replicate.",
    });

    /// <summary><c>offsets.load.buffer.size</c></summary>
    public static readonly ConfigKey<int> OffsetsLoadBufferSize = Table.Add(new ConfigKey<int>("offsets.load.buffer.size", 5_242_880)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Batch size when loading the offsets topic.",
    });

    /// <summary><c>offsets.retention.check.interval.ms</c></summary>
    public static readonly ConfigKey<long> OffsetsRetentionCheckIntervalMs = Table.Add(new ConfigKey<long>("offsets.retention.check.interval.ms", 600_000)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Period of removing expired offsets.",
    });

    /// <summary><c>offsets.retention.minutes</c></summary>
    public static readonly ConfigKey<int> OffsetsRetentionMinutes = Table.Add(new ConfigKey<int>("offsets.retention.minutes", 10_080)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Time offsets outlive an empty group or unsubscribed topic.",
    });

    /// <summary><c>offsets.topic.compression.codec</c></summary>
    public static readonly ConfigKey<int> OffsetsTopicCompressionCodec = Table.Add(new ConfigKey<int>("offsets.topic.compression.codec", 0)
    {
        Importance = ConfigImportance.High,
        Doc = "Codec id for the offsets topic.",
    });

    /// <summary><c>offsets.topic.num.partitions</c></summary>
    public static readonly ConfigKey<int> OffsetsTopicNumPartitions = Table.Add(new ConfigKey<int>("offsets.topic.num.partitions", 50)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Partitions of the offsets topic.",
    });

    /// <summary><c>offsets.topic.replication.factor</c></summary>
    public static readonly ConfigKey<short> OffsetsTopicReplicationFactor = Table.Add(new ConfigKey<short>("offsets.topic.replication.factor", 3)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Replication factor of the offsets topic, or the number of brokers where that is smaller.",
    });

    /// <summary><c>offsets.topic.segment.bytes</c></summary>
    public static readonly ConfigKey<int> OffsetsTopicSegmentBytes = Table.Add(new ConfigKey<int>("offsets.topic.segment.bytes", 104_857_600)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Segment size of the offsets topic.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
