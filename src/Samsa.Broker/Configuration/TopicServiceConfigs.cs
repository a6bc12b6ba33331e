namespace Samsa.Broker.Configuration;

/// <summary>How topics come into being, and the bounds of fetch and metadata answers.</summary>
public static class TopicServiceConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>auto.create.topics.enable</c></summary>
    public static readonly ConfigKey<bool> AutoCreateTopicsEnable = Table.Add(new ConfigKey<bool>("auto.create.topics.enable", true)
    {
        Importance = ConfigImportance.High,
        Doc = "Create unknown topics when clients request their metadata.",
    });

    /// <summary><c>default.replication.factor</c></summary>
    public static readonly ConfigKey<int> DefaultReplicationFactor = Table.Add(new ConfigKey<int>("default.replication.factor", 1)
    {
        Doc = "Replication factor for topics created without one. Where it is not set: 3 as soon as the cluster has three brokers.",
    });

    /// <summary><c>delete.topic.enable</c></summary>
    public static readonly ConfigKey<bool> DeleteTopicEnable = Table.Add(new ConfigKey<bool>("delete.topic.enable", true)
    {
        Importance = ConfigImportance.High,
        Doc = "Allow topics to be deleted.",
    });

    /// <summary><c>fetch.max.bytes</c></summary>
    public static readonly ConfigKey<int> FetchMaxBytes = Table.Add(new ConfigKey<int>("fetch.max.bytes", 57_671_680)
    {
        Min = 1024,
        Doc = "Broker-side cap on bytes returned by one fetch.",
    });

    /// <summary><c>max.incremental.fetch.session.cache.slots</c></summary>
    public static readonly ConfigKey<int> MaxIncrementalFetchSessionCacheSlots = Table.Add(new ConfigKey<int>("max.incremental.fetch.session.cache.slots", 1000)
    {
        Min = 0,
        Doc = "Incremental fetch sessions kept in total.",
    });

    /// <summary><c>max.request.partition.size.limit</c></summary>
    public static readonly ConfigKey<int> MaxRequestPartitionSizeLimit = Table.Add(new ConfigKey<int>("max.request.partition.size.limit", 2000)
    {
        Min = 1,
        Doc = "Maximum partitions returned by one DescribeTopicPartitions response.",
    });

    /// <summary><c>num.partitions</c></summary>
    public static readonly ConfigKey<int> NumPartitions = Table.Add(new ConfigKey<int>("num.partitions", 1)
    {
        Min = 1,
        Doc = "Partition count of topics created without one.",
    });

    /// <summary><c>telemetry.max.bytes</c></summary>
    public static readonly ConfigKey<int> TelemetryMaxBytes = Table.Add(new ConfigKey<int>("telemetry.max.bytes", 1_048_576)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Largest client telemetry payload accepted.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
