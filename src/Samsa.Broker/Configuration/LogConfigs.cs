namespace Samsa.Broker.Configuration;

/// <summary>Data directories, segments, flushing and retention, and the defaults of the topic settings of the same meaning.</summary>
public static class LogConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>compression.gzip.level</c></summary>
    public static readonly ConfigKey<int> CompressionGzipLevel = Table.Add(new ConfigKey<int>("compression.gzip.level", -1)
    {
        Min = 1, Max = 9, AlsoAllowed = -1, Scope = ConfigScope.ClusterWide,
        Doc = "Default gzip level for topics recompressed by the broker.",
    });

    /// <summary><c>compression.lz4.level</c></summary>
    public static readonly ConfigKey<int> CompressionLz4Level = Table.Add(new ConfigKey<int>("compression.lz4.level", 9)
    {
        Min = 1, Max = 17, Scope = ConfigScope.ClusterWide,
        Doc = "Default lz4 level for topics recompressed by the broker.",
    });

    /// <summary><c>compression.type</c></summary>
    public static readonly ConfigKey<string> CompressionType = Table.Add(new ConfigKey<string>("compression.type", "producer")
    {
        Allowed = ["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"], Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default stored codec for topics.",
    });

    /// <summary><c>compression.zstd.level</c></summary>
    public static readonly ConfigKey<int> CompressionZstdLevel = Table.Add(new ConfigKey<int>("compression.zstd.level", 3)
    {
        Min = -131_072, Max = 22, Scope = ConfigScope.ClusterWide,
        Doc = "Default zstd level for topics recompressed by the broker.",
    });

    /// <summary><c>cordoned.log.dirs</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> CordonedLogDirs = Table.Add(new ConfigKey<IReadOnlyList<string>>("cordoned.log.dirs", [])
    {
        Scope = ConfigScope.PerBroker,
        Doc = "Log directories that must not receive new replicas.",
    });

    /// <summary><c>log.cleanup.policy</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> CleanupPolicy = Table.Add(new ConfigKey<IReadOnlyList<string>>("log.cleanup.policy", ["delete"])
    {
        Allowed = ["compact", "delete"], Scope = ConfigScope.ClusterWide,
        Doc = "Default cleanup policy for topics.",
    });

    /// <summary><c>log.dir</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>?> Dir = Table.Add(new ConfigKey<IReadOnlyList<string>?>("log.dir", null)
    {
        NonEmpty = true, Importance = ConfigImportance.High,
        Doc = "Data directory used when log.dirs is unset.",
    });

    /// <summary><c>log.dir.failure.timeout.ms</c></summary>
    public static readonly ConfigKey<long> DirFailureTimeoutMs = Table.Add(new ConfigKey<long>("log.dir.failure.timeout.ms", 30_000)
    {
        Min = 1, Importance = ConfigImportance.Low,
        Doc = "Time to report failed directories to the controller before shutting down.",
    });

    /// <summary><c>log.dirs</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> Dirs = Table.Add(new ConfigKey<IReadOnlyList<string>>("log.dirs", ["./samsa-data"])
    {
        NonEmpty = true, Importance = ConfigImportance.High,
        Doc = "Data directories.",
    });

    /// <summary><c>log.flush.interval.messages</c></summary>
    public static readonly ConfigKey<long> FlushIntervalMessages = Table.Add(new ConfigKey<long>("log.flush.interval.messages", long.MaxValue)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default message count between forced flushes.",
    });

    /// <summary><c>log.flush.scheduler.interval.ms</c></summary>
    public static readonly ConfigKey<long> FlushSchedulerIntervalMs = Table.Add(new ConfigKey<long>("log.flush.scheduler.interval.ms", long.MaxValue)
    {
        Importance = ConfigImportance.High,
        Doc = "Period of checking whether logs need flushing.",
    });

    /// <summary><c>log.flush.interval.ms</c></summary>
    public static readonly ConfigKey<long?> FlushIntervalMs = Table.Add(new ConfigKey<long?>("log.flush.interval.ms", null)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Synonyms = [new(FlushSchedulerIntervalMs, 1)],
        Doc = "Default time between forced flushes; unset uses the scheduler interval.",
    });

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c></summary>
    public static readonly ConfigKey<int> FlushOffsetCheckpointIntervalMs = Table.Add(new ConfigKey<int>("log.flush.offset.checkpoint.interval.ms", 60_000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Period of writing the recovery point file.",
    });

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c></summary>
    public static readonly ConfigKey<int> FlushStartOffsetCheckpointIntervalMs = Table.Add(new ConfigKey<int>("log.flush.start.offset.checkpoint.interval.ms", 60_000)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Period of writing the log start offset file.",
    });

    /// <summary><c>log.index.interval.bytes</c></summary>
    public static readonly ConfigKey<int> IndexIntervalBytes = Table.Add(new ConfigKey<int>("log.index.interval.bytes", 4096)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Default bytes between index entries.",
    });

    /// <summary><c>log.index.size.max.bytes</c></summary>
    public static readonly ConfigKey<int> IndexSizeMaxBytes = Table.Add(new ConfigKey<int>("log.index.size.max.bytes", 10_485_760)
    {
        Min = 4, Scope = ConfigScope.ClusterWide,
        Doc = "Default maximum index file size.",
    });

    /// <summary><c>log.local.retention.bytes</c></summary>
    public static readonly ConfigKey<long> LocalRetentionBytes = Table.Add(new ConfigKey<long>("log.local.retention.bytes", -2)
    {
        Min = -2, Scope = ConfigScope.ClusterWide,
        Doc = "Default local retention size with tiering.",
    });

    /// <summary><c>log.local.retention.ms</c></summary>
    public static readonly ConfigKey<long> LocalRetentionMs = Table.Add(new ConfigKey<long>("log.local.retention.ms", -2)
    {
        Min = -2, Scope = ConfigScope.ClusterWide,
        Doc = "Default local retention time with tiering.",
    });

    /// <summary><c>log.message.timestamp.after.max.ms</c></summary>
    public static readonly ConfigKey<long> MessageTimestampAfterMaxMs = Table.Add(new ConfigKey<long>("log.message.timestamp.after.max.ms", 3_600_000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Default limit for record timestamps in the future.",
    });

    /// <summary><c>log.message.timestamp.before.max.ms</c></summary>
    public static readonly ConfigKey<long> MessageTimestampBeforeMaxMs = Table.Add(new ConfigKey<long>("log.message.timestamp.before.max.ms", long.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Default limit for record timestamps in the past.",
    });

    /// <summary><c>log.message.timestamp.type</c></summary>
    public static readonly ConfigKey<string> MessageTimestampType = Table.Add(new ConfigKey<string>("log.message.timestamp.type", "CreateTime")
    {
        Allowed = ["CreateTime", "LogAppendTime"], Scope = ConfigScope.ClusterWide,
        Doc = "Default record timestamp type.",
    });

    /// <summary><c>log.preallocate</c></summary>
    public static readonly ConfigKey<bool> Preallocate = Table.Add(new ConfigKey<bool>("log.preallocate", false)
    {
        Scope = ConfigScope.ClusterWide,
        Doc = "Default for allocating segment files in full.",
    });

    /// <summary><c>log.retention.bytes</c></summary>
    public static readonly ConfigKey<long> RetentionBytes = Table.Add(new ConfigKey<long>("log.retention.bytes", -1)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default retention size per partition.",
    });

    /// <summary><c>log.retention.check.interval.ms</c></summary>
    public static readonly ConfigKey<long> RetentionCheckIntervalMs = Table.Add(new ConfigKey<long>("log.retention.check.interval.ms", 300_000)
    {
        Min = 1,
        Doc = "Period of looking for deletable segments.",
    });

    /// <summary><c>log.retention.hours</c></summary>
    public static readonly ConfigKey<int> RetentionHours = Table.Add(new ConfigKey<int>("log.retention.hours", 168)
    {
        Importance = ConfigImportance.High,
        Doc = "Default retention in hours; lowest precedence.",
    });

    /// <summary><c>log.retention.minutes</c></summary>
    public static readonly ConfigKey<int?> RetentionMinutes = Table.Add(new ConfigKey<int?>("log.retention.minutes", null)
    {
        Importance = ConfigImportance.High,
        Doc = "Default retention in minutes; overrides hours.",
    });

    /// <summary><c>log.retention.ms</c></summary>
    public static readonly ConfigKey<long?> RetentionMs = Table.Add(new ConfigKey<long?>("log.retention.ms", null)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Synonyms = [new(RetentionMinutes, 60_000), new(RetentionHours, 3_600_000)],
        Doc = "Default retention in milliseconds; overrides minutes and hours.",
    });

    /// <summary><c>log.roll.hours</c></summary>
    public static readonly ConfigKey<int> RollHours = Table.Add(new ConfigKey<int>("log.roll.hours", 168)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Default segment roll age in hours.",
    });

    /// <summary><c>log.roll.jitter.hours</c></summary>
    public static readonly ConfigKey<int> RollJitterHours = Table.Add(new ConfigKey<int>("log.roll.jitter.hours", 0)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Default roll jitter in hours.",
    });

    /// <summary><c>log.roll.jitter.ms</c></summary>
    public static readonly ConfigKey<long?> RollJitterMs = Table.Add(new ConfigKey<long?>("log.roll.jitter.ms", null)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Synonyms = [new(RollJitterHours, 3_600_000)],
        Doc = "Default roll jitter in milliseconds; overrides hours.",
    });

    /// <summary><c>log.roll.ms</c></summary>
    public static readonly ConfigKey<long?> RollMs = Table.Add(new ConfigKey<long?>("log.roll.ms", null)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High, Synonyms = [new(RollHours, 3_600_000)],
        Doc = "Default segment roll age in milliseconds; overrides hours.",
    });

    /// <summary><c>log.segment.bytes</c></summary>
    public static readonly ConfigKey<int> SegmentBytes = Table.Add(new ConfigKey<int>("log.segment.bytes", 1_073_741_824)
    {
        Min = 14, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default segment size.",
    });

    /// <summary><c>log.segment.delete.delay.ms</c></summary>
    public static readonly ConfigKey<long> SegmentDeleteDelayMs = Table.Add(new ConfigKey<long>("log.segment.delete.delay.ms", 60_000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default wait before deleted files leave the disk.",
    });

    /// <summary><c>message.max.bytes</c></summary>
    public static readonly ConfigKey<int> MessageMaxBytes = Table.Add(new ConfigKey<int>("message.max.bytes", 1_048_588)
    {
        Min = 0, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default largest accepted record batch.",
    });

    /// <summary><c>min.insync.replicas</c></summary>
    public static readonly ConfigKey<int> MinInsyncReplicas = Table.Add(new ConfigKey<int>("min.insync.replicas", 1)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default ISR size required for acks=all writes.",
    });

    /// <summary><c>num.recovery.threads.per.data.dir</c></summary>
    public static readonly ConfigKey<int> NumRecoveryThreadsPerDataDir = Table.Add(new ConfigKey<int>("num.recovery.threads.per.data.dir", 2)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Threads per directory for log recovery and shutdown flush.",
    });

    /// <summary><c>producer.id.expiration.ms</c></summary>
    public static readonly ConfigKey<int> ProducerIdExpirationMs = Table.Add(new ConfigKey<int>("producer.id.expiration.ms", 86_400_000)
    {
        Min = 1, Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.Low,
        Doc = "Idle time after which a producer id is forgotten by a partition.",
    });

    /// <summary><c>unclean.leader.election.enable</c></summary>
    public static readonly ConfigKey<bool> UncleanLeaderElectionEnable = Table.Add(new ConfigKey<bool>("unclean.leader.election.enable", false)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Default for electing leaders outside the ISR.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
