namespace Samsa.Broker.Configuration;

/// <summary>Tiered storage (KIP-405).</summary>
public static class RemoteStorageConfigs
{
    private static readonly ConfigTable Table = new();

    private const string Jvm = "names a JVM class or setting";

    /// <summary><c>follower.fetch.last.tiered.offset.enable</c></summary>
    public static readonly ConfigKey<bool> FollowerFetchLastTieredOffsetEnable = Table.Add(new ConfigKey<bool>("follower.fetch.last.tiered.offset.enable", false)
    {
        Scope = ConfigScope.ClusterWide,
        Doc = "New empty followers start from the last tiered offset.",
    });

    /// <summary><c>remote.fetch.max.wait.ms</c></summary>
    public static readonly ConfigKey<int> FetchMaxWaitMs = Table.Add(new ConfigKey<int>("remote.fetch.max.wait.ms", 500)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Longest wait for a remote storage fetch.",
    });

    /// <summary><c>remote.list.offsets.request.timeout.ms</c></summary>
    public static readonly ConfigKey<long> ListOffsetsRequestTimeoutMs = Table.Add(new ConfigKey<long>("remote.list.offsets.request.timeout.ms", 30_000)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Longest wait for an offset lookup in remote storage.",
    });

    /// <summary><c>remote.log.index.file.cache.total.size.bytes</c></summary>
    public static readonly ConfigKey<long> LogIndexFileCacheTotalSizeBytes = Table.Add(new ConfigKey<long>("remote.log.index.file.cache.total.size.bytes", 1_073_741_824)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.Low,
        Doc = "Disk space for cached remote index files.",
    });

    /// <summary><c>remote.log.manager.copier.thread.pool.size</c></summary>
    public static readonly ConfigKey<int> LogManagerCopierThreadPoolSize = Table.Add(new ConfigKey<int>("remote.log.manager.copier.thread.pool.size", 10)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Threads copying segments to remote storage.",
    });

    /// <summary><c>remote.log.manager.copy.max.bytes.per.second</c></summary>
    public static readonly ConfigKey<long> LogManagerCopyMaxBytesPerSecond = Table.Add(new ConfigKey<long>("remote.log.manager.copy.max.bytes.per.second", long.MaxValue)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Rate limit for copying to remote storage.",
    });

    /// <summary><c>remote.log.manager.copy.quota.window.num</c></summary>
    public static readonly ConfigKey<int> LogManagerCopyQuotaWindowNum = Table.Add(new ConfigKey<int>("remote.log.manager.copy.quota.window.num", 11)
    {
        Min = 1,
        Doc = "Samples kept for the remote copy quota.",
    });

    /// <summary><c>remote.log.manager.copy.quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> LogManagerCopyQuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("remote.log.manager.copy.quota.window.size.seconds", 1)
    {
        Min = 1,
        Doc = "Length of each remote copy quota sample.",
    });

    /// <summary><c>remote.log.manager.expiration.thread.pool.size</c></summary>
    public static readonly ConfigKey<int> LogManagerExpirationThreadPoolSize = Table.Add(new ConfigKey<int>("remote.log.manager.expiration.thread.pool.size", 10)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Threads deleting expired remote segments.",
    });

    /// <summary><c>remote.log.manager.fetch.max.bytes.per.second</c></summary>
    public static readonly ConfigKey<long> LogManagerFetchMaxBytesPerSecond = Table.Add(new ConfigKey<long>("remote.log.manager.fetch.max.bytes.per.second", long.MaxValue)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Rate limit for reading from remote storage.",
    });

    /// <summary><c>remote.log.manager.fetch.quota.window.num</c></summary>
    public static readonly ConfigKey<int> LogManagerFetchQuotaWindowNum = Table.Add(new ConfigKey<int>("remote.log.manager.fetch.quota.window.num", 11)
    {
        Min = 1,
        Doc = "Samples kept for the remote fetch quota.",
    });

    /// <summary><c>remote.log.manager.fetch.quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> LogManagerFetchQuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("remote.log.manager.fetch.quota.window.size.seconds", 1)
    {
        Min = 1,
        Doc = "Length of each remote fetch quota sample.",
    });

    /// <summary><c>remote.log.manager.follower.thread.pool.size</c></summary>
    public static readonly ConfigKey<int> LogManagerFollowerThreadPoolSize = Table.Add(new ConfigKey<int>("remote.log.manager.follower.thread.pool.size", 2)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Threads tracking remote state for follower partitions.",
    });

    /// <summary><c>remote.log.manager.task.interval.ms</c></summary>
    public static readonly ConfigKey<long> LogManagerTaskIntervalMs = Table.Add(new ConfigKey<long>("remote.log.manager.task.interval.ms", 30_000)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Period of remote copy and cleanup tasks.",
    });

    /// <summary><c>remote.log.manager.thread.pool.size</c></summary>
    public static readonly ConfigKey<int> LogManagerThreadPoolSize = Table.Add(new ConfigKey<int>("remote.log.manager.thread.pool.size", 2)
    {
        Min = 1,
        Doc = "Deprecated name for the follower task thread count.",
    });

    /// <summary><c>remote.log.metadata.custom.metadata.max.bytes</c></summary>
    public static readonly ConfigKey<int> LogMetadataCustomMetadataMaxBytes = Table.Add(new ConfigKey<int>("remote.log.metadata.custom.metadata.max.bytes", 128)
    {
        Min = 0, Importance = ConfigImportance.Low,
        Doc = "Largest custom metadata a storage plugin may return.",
    });

    /// <summary><c>remote.log.metadata.manager.class.name</c></summary>
    public static readonly ConfigKey<string> LogMetadataManagerClassName = Table.Add(new ConfigKey<string>("remote.log.metadata.manager.class.name", "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager")
    {
        NonEmpty = true, Ignored = Jvm,
        Doc = "Implementation of the remote metadata manager.",
    });

    /// <summary><c>remote.log.metadata.manager.class.path</c></summary>
    public static readonly ConfigKey<string?> LogMetadataManagerClassPath = Table.Add(new ConfigKey<string?>("remote.log.metadata.manager.class.path", null)
    {
        Ignored = Jvm,
        Doc = "Class path for the remote metadata manager.",
    });

    /// <summary><c>remote.log.metadata.manager.impl.prefix</c></summary>
    public static readonly ConfigKey<string> LogMetadataManagerImplPrefix = Table.Add(new ConfigKey<string>("remote.log.metadata.manager.impl.prefix", "rlmm.config.")
    {
        NonEmpty = true,
        Doc = "Prefix of options passed to the remote metadata manager.",
    });

    /// <summary><c>remote.log.metadata.manager.listener.name</c></summary>
    public static readonly ConfigKey<string?> LogMetadataManagerListenerName = Table.Add(new ConfigKey<string?>("remote.log.metadata.manager.listener.name", null)
    {
        NonEmpty = true,
        Doc = "Listener the remote metadata manager connects to.",
    });

    /// <summary><c>remote.log.reader.max.pending.tasks</c></summary>
    public static readonly ConfigKey<int> LogReaderMaxPendingTasks = Table.Add(new ConfigKey<int>("remote.log.reader.max.pending.tasks", 100)
    {
        Min = 1,
        Doc = "Queued remote read tasks before new ones are rejected.",
    });

    /// <summary><c>remote.log.reader.threads</c></summary>
    public static readonly ConfigKey<int> LogReaderThreads = Table.Add(new ConfigKey<int>("remote.log.reader.threads", 10)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Threads serving remote reads.",
    });

    /// <summary><c>remote.log.storage.manager.class.name</c></summary>
    public static readonly ConfigKey<string?> LogStorageManagerClassName = Table.Add(new ConfigKey<string?>("remote.log.storage.manager.class.name", null)
    {
        NonEmpty = true, Ignored = Jvm,
        Doc = "Implementation of the remote storage manager.",
    });

    /// <summary><c>remote.log.storage.manager.class.path</c></summary>
    public static readonly ConfigKey<string?> LogStorageManagerClassPath = Table.Add(new ConfigKey<string?>("remote.log.storage.manager.class.path", null)
    {
        Ignored = Jvm,
        Doc = "Class path for the remote storage manager.",
    });

    /// <summary><c>remote.log.storage.manager.impl.prefix</c></summary>
    public static readonly ConfigKey<string> LogStorageManagerImplPrefix = Table.Add(new ConfigKey<string>("remote.log.storage.manager.impl.prefix", "rsm.config.")
    {
        NonEmpty = true,
        Doc = "Prefix of options passed to the remote storage manager.",
    });

    /// <summary><c>remote.log.storage.system.enable</c></summary>
    public static readonly ConfigKey<bool> LogStorageSystemEnable = Table.Add(new ConfigKey<bool>("remote.log.storage.system.enable", false)
    {
        Doc = "Turn on tiered storage on the broker.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
