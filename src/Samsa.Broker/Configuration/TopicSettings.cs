using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Configuration;

/// <summary>The effective settings of topics: what is set on the topic over what the broker has.</summary>
public static class TopicSettings
{
    /// <summary>The effective value of a topic's setting.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">What is set on the topic; a value that doesn't read counts as not set.</param>
    /// <param name="key">The setting.</param>
    public static T Get<T>(this BrokerConfig config, IReadOnlyDictionary<string, string> overrides, ConfigKey<T> key) =>
        overrides.TryGetValue(key.Name, out var text) && key.TryParse(text, out var value, out _) ? (T)value : config.Get(key);

    /// <summary>Checks what a topic is to have set, one by one and together, with Kafka's message where it is refused.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">All that would be set on the topic.</param>
    public static ConfigVerdict Validate(this BrokerConfig config, IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var (name, value) in overrides)
        {
            if (TopicConfigs.Validate(name, value) is { IsValid: false } refused)
            {
                return refused;
            }
        }

        var least = config.Get(overrides, TopicConfigs.MinCompactionLagMs);
        var most = config.Get(overrides, TopicConfigs.MaxCompactionLagMs);
        if (least > most)
        {
            return ConfigVerdict.Refused(
                $"Conflict topic config setting {TopicConfigs.MinCompactionLagMs} ({least}) > {TopicConfigs.MaxCompactionLagMs} ({most})");
        }

        return config.Get(overrides, TopicConfigs.RemoteStorageEnable) && !config.Get(RemoteStorageConfigs.LogStorageSystemEnable)
            ? ConfigVerdict.Refused("Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.")
            : ConfigVerdict.Valid;
    }

    /// <summary>What a partition's log needs of the settings. Topics without settings of their own share one instance.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">What is set on the topic.</param>
    public static LogConfig ToLogConfig(this BrokerConfig config, IReadOnlyDictionary<string, string> overrides) =>
        overrides.Count == 0 ? config.DefaultLogConfig : MakeLogConfig(config, overrides);

    /// <summary>Reads every setting a log needs.</summary>
    internal static LogConfig MakeLogConfig(BrokerConfig config, IReadOnlyDictionary<string, string> overrides)
    {
        var policy = config.Get(overrides, TopicConfigs.CleanupPolicy);
        var (codec, level) = FindCompression(config, overrides);
        return new LogConfig
        {
            SegmentBytes = config.Get(overrides, TopicConfigs.SegmentBytes),
            SegmentMs = config.Get(overrides, TopicConfigs.SegmentMs),
            SegmentJitterMs = config.Get(overrides, TopicConfigs.SegmentJitterMs),
            SegmentIndexBytes = config.Get(overrides, TopicConfigs.SegmentIndexBytes),
            IndexIntervalBytes = config.Get(overrides, TopicConfigs.IndexIntervalBytes),
            RetentionMs = config.Get(overrides, TopicConfigs.RetentionMs),
            RetentionBytes = config.Get(overrides, TopicConfigs.RetentionBytes),
            MaxMessageBytes = config.Get(overrides, TopicConfigs.MaxMessageBytes),
            TimestampBeforeMaxMs = config.Get(overrides, TopicConfigs.MessageTimestampBeforeMaxMs),
            TimestampAfterMaxMs = config.Get(overrides, TopicConfigs.MessageTimestampAfterMaxMs),
            TimestampType = config.Get(overrides, TopicConfigs.MessageTimestampType) == "LogAppendTime" ? TimestampType.LogAppendTime : TimestampType.CreateTime,
            CompressionType = codec,
            CompressionLevel = level,
            FlushMessages = config.Get(overrides, TopicConfigs.FlushMessages),
            FlushMs = config.Get(overrides, TopicConfigs.FlushMs),
            FlushOnAck = config.Get(overrides, TopicConfigs.FlushOnAck),
            CleanupDelete = policy.Contains("delete"),
            CleanupCompact = policy.Contains("compact"),
            FileDeleteDelayMs = config.Get(overrides, TopicConfigs.FileDeleteDelayMs),
            MinInSyncReplicas = config.Get(overrides, TopicConfigs.MinInsyncReplicas),
            Preallocate = config.Get(overrides, TopicConfigs.Preallocate),
            ProducerIdExpirationMs = config.Get(LogConfigs.ProducerIdExpirationMs),
        };
    }

    // producer stores batches as they came; a gzip level of -1 leaves it to the codec.
    private static (CompressionType? Codec, int? Level) FindCompression(BrokerConfig config, IReadOnlyDictionary<string, string> overrides) =>
        config.Get(overrides, TopicConfigs.CompressionType) switch
        {
            "uncompressed" => (CompressionType.None, null),
            "gzip" => (CompressionType.Gzip, config.Get(overrides, TopicConfigs.CompressionGzipLevel) is > 0 and var level ? level : null),
            "snappy" => (CompressionType.Snappy, null),
            "lz4" => (CompressionType.Lz4, config.Get(overrides, TopicConfigs.CompressionLz4Level)),
            "zstd" => (CompressionType.Zstd, config.Get(overrides, TopicConfigs.CompressionZstdLevel)),
            _ => (null, null),
        };
}
