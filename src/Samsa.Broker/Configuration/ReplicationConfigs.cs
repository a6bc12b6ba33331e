namespace Samsa.Broker.Configuration;

/// <summary>Follower fetching, in-sync replicas and leader balance.</summary>
public static class ReplicationConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>auto.leader.rebalance.enable</c></summary>
    public static readonly ConfigKey<bool> AutoLeaderRebalanceEnable = Table.Add(new ConfigKey<bool>("auto.leader.rebalance.enable", true)
    {
        Importance = ConfigImportance.High,
        Doc = "Periodically move leadership back to preferred replicas.",
    });

    /// <summary><c>leader.imbalance.check.interval.seconds</c></summary>
    public static readonly ConfigKey<long> LeaderImbalanceCheckIntervalSeconds = Table.Add(new ConfigKey<long>("leader.imbalance.check.interval.seconds", 300)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Period of checking for non-preferred leaders.",
    });

    /// <summary><c>num.replica.fetchers</c></summary>
    public static readonly ConfigKey<int> NumReplicaFetchers = Table.Add(new ConfigKey<int>("num.replica.fetchers", 1)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Fetcher threads per source broker.",
    });

    /// <summary><c>replica.fetch.backoff.ms</c></summary>
    public static readonly ConfigKey<int> ReplicaFetchBackoffMs = Table.Add(new ConfigKey<int>("replica.fetch.backoff.ms", 1000)
    {
        Min = 0,
        Doc = "Follower sleep after a fetch error.",
    });

    /// <summary><c>replica.fetch.max.bytes</c></summary>
    public static readonly ConfigKey<int> ReplicaFetchMaxBytes = Table.Add(new ConfigKey<int>("replica.fetch.max.bytes", 1_048_576)
    {
        Min = 0,
        Doc = "Bytes per partition a follower fetches.",
    });

    /// <summary><c>replica.fetch.min.bytes</c></summary>
    public static readonly ConfigKey<int> ReplicaFetchMinBytes = Table.Add(new ConfigKey<int>("replica.fetch.min.bytes", 1)
    {
        Importance = ConfigImportance.High,
        Doc = "Bytes a leader waits for before answering a follower.",
    });

    /// <summary><c>replica.fetch.response.max.bytes</c></summary>
    public static readonly ConfigKey<int> ReplicaFetchResponseMaxBytes = Table.Add(new ConfigKey<int>("replica.fetch.response.max.bytes", 10_485_760)
    {
        Min = 0,
        Doc = "Bytes per response a follower fetches.",
    });

    /// <summary><c>replica.fetch.wait.max.ms</c></summary>
    public static readonly ConfigKey<int> ReplicaFetchWaitMaxMs = Table.Add(new ConfigKey<int>("replica.fetch.wait.max.ms", 500)
    {
        Importance = ConfigImportance.High,
        Doc = "Longest time a leader holds a follower fetch.",
    });

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c></summary>
    public static readonly ConfigKey<long> ReplicaHighWatermarkCheckpointIntervalMs = Table.Add(new ConfigKey<long>("replica.high.watermark.checkpoint.interval.ms", 5000)
    {
        Importance = ConfigImportance.High,
        Doc = "Period of writing high watermarks to disk.",
    });

    /// <summary><c>replica.lag.time.max.ms</c></summary>
    public static readonly ConfigKey<long> ReplicaLagTimeMaxMs = Table.Add(new ConfigKey<long>("replica.lag.time.max.ms", 30_000)
    {
        Importance = ConfigImportance.High,
        Doc = "Time without catching up before a follower leaves the ISR.",
    });

    /// <summary><c>replica.selector.class</c></summary>
    public static readonly ConfigKey<string?> ReplicaSelectorClass = Table.Add(new ConfigKey<string?>("replica.selector.class", null)
    {
        Doc = "Class choosing the replica a consumer should fetch from.",
    });

    /// <summary><c>replica.socket.receive.buffer.bytes</c></summary>
    public static readonly ConfigKey<int> ReplicaSocketReceiveBufferBytes = Table.Add(new ConfigKey<int>("replica.socket.receive.buffer.bytes", 65_536)
    {
        Importance = ConfigImportance.High,
        Doc = "Receive buffer of follower sockets.",
    });

    /// <summary><c>replica.socket.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ReplicaSocketTimeoutMs = Table.Add(new ConfigKey<int>("replica.socket.timeout.ms", 30_000)
    {
        Importance = ConfigImportance.High,
        Doc = "Timeout of follower fetch sockets.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
