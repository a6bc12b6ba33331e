namespace Samsa.Broker.Configuration;

/// <summary>
/// Settings of topics. Type, range and default are those of the broker setting each falls back to; what is said here is
/// the name and the meaning.
/// </summary>
public static class TopicConfigs
{
    private const long Hour = 3_600_000;
    private const long Minute = 60_000;

    private static readonly ConfigTable Table = new();

    /// <summary><c>cleanup.policy</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> CleanupPolicy = Table.Add(LogConfigs.CleanupPolicy.ForTopic(
        "cleanup.policy",
        "What happens to old segments: delete removes them when they pass retention.ms or retention.bytes, compact keeps the "
        + "last value of each key, both do both; empty keeps everything."));

    /// <summary><c>compression.gzip.level</c></summary>
    public static readonly ConfigKey<int> CompressionGzipLevel = Table.Add(LogConfigs.CompressionGzipLevel.ForTopic(
        "compression.gzip.level", "Level used where the broker compresses with gzip; -1 is the codec's own default."));

    /// <summary><c>compression.lz4.level</c></summary>
    public static readonly ConfigKey<int> CompressionLz4Level = Table.Add(LogConfigs.CompressionLz4Level.ForTopic(
        "compression.lz4.level", "Level used where the broker compresses with lz4."));

    /// <summary><c>compression.type</c></summary>
    public static readonly ConfigKey<string> CompressionType = Table.Add(LogConfigs.CompressionType.ForTopic(
        "compression.type",
        "Codec of stored batches. producer stores them as they came, which costs the broker nothing; any other value makes "
        + "it compress again what came in another codec."));

    /// <summary><c>compression.zstd.level</c></summary>
    public static readonly ConfigKey<int> CompressionZstdLevel = Table.Add(LogConfigs.CompressionZstdLevel.ForTopic(
        "compression.zstd.level", "Level used where the broker compresses with zstd."));

    /// <summary><c>delete.retention.ms</c></summary>
    public static readonly ConfigKey<long> DeleteRetentionMs = Table.Add(LogCleanerConfigs.DeleteRetentionMs.ForTopic(
        "delete.retention.ms",
        "Milliseconds a tombstone or transaction marker stays in a compacted log: the time a reader that started at the "
        + "beginning has to see it."));

    /// <summary><c>file.delete.delay.ms</c></summary>
    public static readonly ConfigKey<long> FileDeleteDelayMs = Table.Add(LogConfigs.SegmentDeleteDelayMs.ForTopic(
        "file.delete.delay.ms", "Milliseconds between giving a segment up and removing its files."));

    /// <summary><c>flush.messages</c></summary>
    public static readonly ConfigKey<long> FlushMessages = Table.Add(LogConfigs.FlushIntervalMessages.ForTopic(
        "flush.messages", "Records appended to a partition before they are forced to disk."));

    /// <summary><c>flush.ms</c></summary>
    public static readonly ConfigKey<long> FlushMs = Table.Add(new ConfigKey<long>("flush.ms", long.MaxValue)
    {
        Min = 0, Scope = ConfigScope.Topic,
        Synonyms = [new(LogConfigs.FlushIntervalMs, 1), new(LogConfigs.FlushSchedulerIntervalMs, 1)],
        Doc = "Milliseconds appended records may wait before they are forced to disk.",
    });

    /// <summary><c>follower.replication.throttled.replicas</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> FollowerReplicationThrottledReplicas =
        Table.Add(new ConfigKey<IReadOnlyList<string>>("follower.replication.throttled.replicas", [])
        {
            Scope = ConfigScope.Topic, Check = FindThrottleProblem, CheckDoc = "* or PARTITION:BROKER,...",
            Doc = "Replicas whose fetching is held to follower.replication.throttled.rate.",
        });

    /// <summary><c>index.interval.bytes</c></summary>
    public static readonly ConfigKey<int> IndexIntervalBytes = Table.Add(LogConfigs.IndexIntervalBytes.ForTopic(
        "index.interval.bytes", "Bytes of records between two entries of the offset index. Fewer find a record sooner and cost memory."));

    /// <summary><c>leader.replication.throttled.replicas</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> LeaderReplicationThrottledReplicas =
        Table.Add(new ConfigKey<IReadOnlyList<string>>("leader.replication.throttled.replicas", [])
        {
            Scope = ConfigScope.Topic, Check = FindThrottleProblem, CheckDoc = "* or PARTITION:BROKER,...",
            Doc = "Replicas that are served at no more than leader.replication.throttled.rate.",
        });

    /// <summary><c>local.retention.bytes</c></summary>
    public static readonly ConfigKey<long> LocalRetentionBytes = Table.Add(LogConfigs.LocalRetentionBytes.ForTopic(
        "local.retention.bytes", "Bytes of a tiered partition that stay on the broker; -2 means retention.bytes."));

    /// <summary><c>local.retention.ms</c></summary>
    public static readonly ConfigKey<long> LocalRetentionMs = Table.Add(LogConfigs.LocalRetentionMs.ForTopic(
        "local.retention.ms", "Milliseconds a segment of a tiered partition stays on the broker; -2 means retention.ms."));

    /// <summary><c>max.compaction.lag.ms</c></summary>
    public static readonly ConfigKey<long> MaxCompactionLagMs = Table.Add(LogCleanerConfigs.MaxCompactionLagMs.ForTopic(
        "max.compaction.lag.ms", "Milliseconds after which a record must be eligible for compaction."));

    /// <summary><c>max.message.bytes</c></summary>
    public static readonly ConfigKey<int> MaxMessageBytes = Table.Add(LogConfigs.MessageMaxBytes.ForTopic(
        "max.message.bytes", "Bytes of the largest record batch that is accepted, as it is stored."));

    /// <summary><c>message.timestamp.after.max.ms</c></summary>
    public static readonly ConfigKey<long> MessageTimestampAfterMaxMs = Table.Add(LogConfigs.MessageTimestampAfterMaxMs.ForTopic(
        "message.timestamp.after.max.ms", "Milliseconds a record's time may lie ahead of the broker's; CreateTime only."));

    /// <summary><c>message.timestamp.before.max.ms</c></summary>
    public static readonly ConfigKey<long> MessageTimestampBeforeMaxMs = Table.Add(LogConfigs.MessageTimestampBeforeMaxMs.ForTopic(
        "message.timestamp.before.max.ms", "Milliseconds a record's time may lie behind the broker's; CreateTime only."));

    /// <summary><c>message.timestamp.type</c></summary>
    public static readonly ConfigKey<string> MessageTimestampType = Table.Add(LogConfigs.MessageTimestampType.ForTopic(
        "message.timestamp.type", "Whether a record keeps the time its producer gave it or gets the time of its append."));

    /// <summary><c>min.cleanable.dirty.ratio</c></summary>
    public static readonly ConfigKey<double> MinCleanableDirtyRatio = Table.Add(LogCleanerConfigs.MinCleanableRatio.ForTopic(
        "min.cleanable.dirty.ratio", "Share of a log that must not have been compacted yet before it is worth compacting."));

    /// <summary><c>min.compaction.lag.ms</c></summary>
    public static readonly ConfigKey<long> MinCompactionLagMs = Table.Add(LogCleanerConfigs.MinCompactionLagMs.ForTopic(
        "min.compaction.lag.ms", "Milliseconds during which a record is safe from compaction."));

    /// <summary><c>min.insync.replicas</c></summary>
    public static readonly ConfigKey<int> MinInsyncReplicas = Table.Add(LogConfigs.MinInsyncReplicas.ForTopic(
        "min.insync.replicas",
        "In-sync replicas a write with acks=all needs; with fewer it is refused. No more are asked for than the topic has replicas."));

    /// <summary><c>preallocate</c></summary>
    public static readonly ConfigKey<bool> Preallocate = Table.Add(LogConfigs.Preallocate.ForTopic(
        "preallocate", "Reserve a segment's full size on disk when it begins."));

    /// <summary><c>remote.log.copy.disable</c></summary>
    public static readonly ConfigKey<bool> RemoteLogCopyDisable = Table.Add(new ConfigKey<bool>("remote.log.copy.disable", false)
    {
        Scope = ConfigScope.Topic, Doc = "Copy no more segments to remote storage; what is there stays readable.",
    });

    /// <summary><c>remote.log.delete.on.disable</c></summary>
    public static readonly ConfigKey<bool> RemoteLogDeleteOnDisable = Table.Add(new ConfigKey<bool>("remote.log.delete.on.disable", false)
    {
        Scope = ConfigScope.Topic, Doc = "Delete what is in remote storage when tiering is turned off.",
    });

    /// <summary><c>remote.storage.enable</c></summary>
    public static readonly ConfigKey<bool> RemoteStorageEnable = Table.Add(new ConfigKey<bool>("remote.storage.enable", false)
    {
        Scope = ConfigScope.Topic, Doc = "Keep old segments in remote storage (KIP-405). Refused where the broker has none.",
    });

    /// <summary><c>retention.bytes</c></summary>
    public static readonly ConfigKey<long> RetentionBytes = Table.Add(LogConfigs.RetentionBytes.ForTopic(
        "retention.bytes", "Bytes of a partition beyond which its oldest segments are deleted; -1 = no bound."));

    /// <summary><c>retention.ms</c></summary>
    public static readonly ConfigKey<long> RetentionMs = Table.Add(new ConfigKey<long>("retention.ms", 168 * Hour)
    {
        Min = -1, Scope = ConfigScope.Topic,
        Synonyms = [new(LogConfigs.RetentionMs, 1), new(LogConfigs.RetentionMinutes, Minute), new(LogConfigs.RetentionHours, Hour)],
        Doc = "Milliseconds after its last record at which a segment is deleted; -1 = never.",
    });

    /// <summary><c>samsa.flush.on.ack</c></summary>
    public static readonly ConfigKey<bool> FlushOnAck = Table.Add(SamsaConfigs.FlushOnAck.ForTopic(
        "samsa.flush.on.ack",
        "Acknowledge a produce request only after its records are forced to disk, so that they survive power loss."));

    /// <summary><c>segment.bytes</c></summary>
    public static readonly ConfigKey<int> SegmentBytes = Table.Add(LogConfigs.SegmentBytes.ForTopic(
        "segment.bytes", "Bytes at which the active segment is closed and the next one begins. Only closed segments are deleted or compacted."));

    /// <summary><c>segment.index.bytes</c></summary>
    public static readonly ConfigKey<int> SegmentIndexBytes = Table.Add(LogConfigs.IndexSizeMaxBytes.ForTopic(
        "segment.index.bytes", "Bytes of the largest index of a segment; a full index closes the segment."));

    /// <summary><c>segment.jitter.ms</c></summary>
    public static readonly ConfigKey<long> SegmentJitterMs = Table.Add(new ConfigKey<long>("segment.jitter.ms", 0)
    {
        Min = 0, Scope = ConfigScope.Topic,
        Synonyms = [new(LogConfigs.RollJitterMs, 1), new(LogConfigs.RollJitterHours, Hour)],
        Doc = "Milliseconds, at most, by which segment.ms is shortened at random so that partitions don't roll at once.",
    });

    /// <summary><c>segment.ms</c></summary>
    public static readonly ConfigKey<long> SegmentMs = Table.Add(new ConfigKey<long>("segment.ms", 168 * Hour)
    {
        Min = 1, Scope = ConfigScope.Topic,
        Synonyms = [new(LogConfigs.RollMs, 1), new(LogConfigs.RollHours, Hour)],
        Doc = "Milliseconds after its first record at which the active segment is closed, full or not.",
    });

    /// <summary><c>unclean.leader.election.enable</c></summary>
    public static readonly ConfigKey<bool> UncleanLeaderElectionEnable = Table.Add(LogConfigs.UncleanLeaderElectionEnable.ForTopic(
        "unclean.leader.election.enable", "Let a replica that is not in sync become leader when no other is left, losing what it lacks."));

    private static readonly Dictionary<string, ConfigKey> ByName = Table.Keys.ToDictionary(k => k.Name);

    /// <summary>Every key, sorted by name.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;

    /// <summary>The key of a name, or null.</summary>
    public static ConfigKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Checks one value, with Kafka's message where it is refused.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value as it came over the wire.</param>
    public static ConfigVerdict Validate(string name, string? value) =>
        ConfigVerdict.Of(Find(name), name, value, "topic");

    private static string? FindThrottleProblem(object value)
    {
        var list = (IReadOnlyList<string>)value;
        return list is ["*"] || list.All(IsPartitionAndBroker)
            ? null
            : "Value must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...";
    }

    private static bool IsPartitionAndBroker(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && uint.TryParse(text.AsSpan(0, colon), out _) && uint.TryParse(text.AsSpan(colon + 1), out _);
    }
}
