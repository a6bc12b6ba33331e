namespace Samsa.Broker.Configuration;

/// <summary>Windows and rates of client and replication quotas.</summary>
public static class QuotaConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>alter.log.dirs.replication.quota.window.num</c></summary>
    public static readonly ConfigKey<int> AlterLogDirsReplicationQuotaWindowNum = Table.Add(new ConfigKey<int>("alter.log.dirs.replication.quota.window.num", 11)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Number of samples kept for log-dir move quotas.",
    });

    /// <summary><c>alter.log.dirs.replication.quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> AlterLogDirsReplicationQuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("alter.log.dirs.replication.quota.window.size.seconds", 1)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Length of each sample for log-dir move quotas.",
    });

    /// <summary><c>controller.quota.window.num</c></summary>
    public static readonly ConfigKey<int> ControllerQuotaWindowNum = Table.Add(new ConfigKey<int>("controller.quota.window.num", 11)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Number of samples kept for controller mutation quotas.",
    });

    /// <summary><c>controller.quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> ControllerQuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("controller.quota.window.size.seconds", 1)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Length of each sample for controller mutation quotas.",
    });

    /// <summary><c>follower.replication.throttled.rate</c></summary>
    public static readonly ConfigKey<long> FollowerReplicationThrottledRate = Table.Add(new ConfigKey<long>("follower.replication.throttled.rate", long.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Bytes per second for throttled incoming replication.",
    });

    /// <summary><c>leader.replication.throttled.rate</c></summary>
    public static readonly ConfigKey<long> LeaderReplicationThrottledRate = Table.Add(new ConfigKey<long>("leader.replication.throttled.rate", long.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Bytes per second for throttled outgoing replication.",
    });

    /// <summary><c>quota.window.num</c></summary>
    public static readonly ConfigKey<int> QuotaWindowNum = Table.Add(new ConfigKey<int>("quota.window.num", 11)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Number of samples kept for client quotas.",
    });

    /// <summary><c>quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> QuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("quota.window.size.seconds", 1)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Length of each client quota sample.",
    });

    /// <summary><c>replica.alter.log.dirs.io.max.bytes.per.second</c></summary>
    public static readonly ConfigKey<long> ReplicaAlterLogDirsIoMaxBytesPerSecond = Table.Add(new ConfigKey<long>("replica.alter.log.dirs.io.max.bytes.per.second", long.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Rate limit for moving replicas between directories.",
    });

    /// <summary><c>replication.quota.window.num</c></summary>
    public static readonly ConfigKey<int> ReplicationQuotaWindowNum = Table.Add(new ConfigKey<int>("replication.quota.window.num", 11)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Number of samples kept for replication quotas.",
    });

    /// <summary><c>replication.quota.window.size.seconds</c></summary>
    public static readonly ConfigKey<int> ReplicationQuotaWindowSizeSeconds = Table.Add(new ConfigKey<int>("replication.quota.window.size.seconds", 1)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Length of each replication quota sample.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
