namespace Samsa.Broker.Configuration;

/// <summary>The cleaner of compacted topics, and the topic defaults it follows.</summary>
public static class LogCleanerConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>log.cleaner.backoff.ms</c></summary>
    public static readonly ConfigKey<long> BackoffMs = Table.Add(new ConfigKey<long>("log.cleaner.backoff.ms", 15_000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Cleaner sleep when nothing is cleanable.",
    });

    /// <summary><c>log.cleaner.dedupe.buffer.size</c></summary>
    public static readonly ConfigKey<long> DedupeBufferSize = Table.Add(new ConfigKey<long>("log.cleaner.dedupe.buffer.size", 134_217_728)
    {
        Scope = ConfigScope.ClusterWide,
        Doc = "Total memory for key deduplication over all cleaner threads.",
    });

    /// <summary><c>log.cleaner.delete.retention.ms</c></summary>
    public static readonly ConfigKey<long> DeleteRetentionMs = Table.Add(new ConfigKey<long>("log.cleaner.delete.retention.ms", 86_400_000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Default tombstone lifetime for compacted topics.",
    });

    /// <summary><c>log.cleaner.enable</c></summary>
    public static readonly ConfigKey<bool> Enable = Table.Add(new ConfigKey<bool>("log.cleaner.enable", true)
    {
        Doc = "Run the log cleaner.",
    });

    /// <summary><c>log.cleaner.io.buffer.load.factor</c></summary>
    public static readonly ConfigKey<double> IoBufferLoadFactor = Table.Add(new ConfigKey<double>("log.cleaner.io.buffer.load.factor", 0.9)
    {
        Scope = ConfigScope.ClusterWide,
        Doc = "How full the deduplication buffer may get.",
    });

    /// <summary><c>log.cleaner.io.buffer.size</c></summary>
    public static readonly ConfigKey<int> IoBufferSize = Table.Add(new ConfigKey<int>("log.cleaner.io.buffer.size", 524_288)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Total I/O buffer memory over all cleaner threads.",
    });

    /// <summary><c>log.cleaner.io.max.bytes.per.second</c></summary>
    public static readonly ConfigKey<double> IoMaxBytesPerSecond = Table.Add(new ConfigKey<double>("log.cleaner.io.max.bytes.per.second", double.MaxValue)
    {
        Scope = ConfigScope.ClusterWide,
        Doc = "Combined read and write rate limit of the cleaner.",
    });

    /// <summary><c>log.cleaner.max.compaction.lag.ms</c></summary>
    public static readonly ConfigKey<long> MaxCompactionLagMs = Table.Add(new ConfigKey<long>("log.cleaner.max.compaction.lag.ms", long.MaxValue)
    {
        Min = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Default maximum wait before a record may be compacted.",
    });

    /// <summary><c>log.cleaner.min.cleanable.ratio</c></summary>
    public static readonly ConfigKey<double> MinCleanableRatio = Table.Add(new ConfigKey<double>("log.cleaner.min.cleanable.ratio", 0.5)
    {
        Min = 0, Max = 1, Scope = ConfigScope.ClusterWide,
        Doc = "Default dirty ratio that makes a log cleanable.",
    });

    /// <summary><c>log.cleaner.min.compaction.lag.ms</c></summary>
    public static readonly ConfigKey<long> MinCompactionLagMs = Table.Add(new ConfigKey<long>("log.cleaner.min.compaction.lag.ms", 0)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Default minimum time a record stays uncompacted.",
    });

    /// <summary><c>log.cleaner.threads</c></summary>
    public static readonly ConfigKey<int> Threads = Table.Add(new ConfigKey<int>("log.cleaner.threads", 1)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Number of cleaner threads.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
