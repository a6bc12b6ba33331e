using Samsa.Records;

namespace Samsa.Storage;

/// <summary>What a partition's log may be told: topic settings merged over the broker's, under Kafka's names and defaults.</summary>
public sealed record LogConfig
{
    /// <summary>All settings at their defaults.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary><c>segment.bytes</c>: size at which the active segment is closed and a new one begins.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary><c>segment.ms</c>: age, by record timestamps, at which the active segment is closed though not full.</summary>
    public long SegmentMs { get; init; } = 604_800_000;

    /// <summary><c>segment.jitter.ms</c>: most that is taken off <see cref="SegmentMs"/>, so that logs do not roll all at once.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c>: size at which an index is full, which closes its segment.</summary>
    public int SegmentIndexBytes { get; init; } = 10_485_760;

    /// <summary><c>index.interval.bytes</c>: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>retention.ms</c>: age at which closed segments are deleted; -1 never.</summary>
    public long RetentionMs { get; init; } = 604_800_000;

    /// <summary><c>retention.bytes</c>: size above which the oldest segments are deleted; -1 unlimited.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>max.message.bytes</c>: largest batch taken, in bytes as sent.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>message.timestamp.before.max.ms</c>: how far a record's time may lag behind the broker's.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far a record's time may run ahead of the broker's.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary><c>message.timestamp.type</c>: whose clock stamps the records.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary><c>compression.type</c>: the codec batches are stored with; null (<c>producer</c>) as they came.</summary>
    public CompressionType? CompressionType { get; init; }

    /// <summary><c>compression.*.level</c> of that codec; null for its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>flush.messages</c>: records after which the log is synced.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: time after which appended records are synced.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>samsa.flush.on.ack</c>: sync, shared by all who wait, before a produce is acknowledged.</summary>
    public bool FlushOnAck { get; init; }

    /// <summary><c>cleanup.policy</c> contains <c>delete</c>.</summary>
    public bool CleanupDelete { get; init; } = true;

    /// <summary><c>cleanup.policy</c> contains <c>compact</c>: every record needs a key.</summary>
    public bool CleanupCompact { get; init; }

    /// <summary><c>file.delete.delay.ms</c>: wait between marking a file <c>.deleted</c> and removing it.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary><c>min.insync.replicas</c>: in-sync replicas needed for acks=all; the log carries it for the partition.</summary>
    public int MinInSyncReplicas { get; init; } = 1;

    /// <summary><c>preallocate</c>: reserve a new segment's full size on disk.</summary>
    public bool Preallocate { get; init; }

    /// <summary><c>producer.id.expiration.ms</c>: idle time after which a producer's sequence state is dropped.</summary>
    public long ProducerIdExpirationMs { get; init; } = 86_400_000;
}
