using Samsa.Model;

namespace Samsa.Records;

/// <summary>What the leader demands of batches before it appends them; made once per topic configuration.</summary>
public sealed record BatchRules
{
    /// <summary>The partition, which messages to the client name.</summary>
    public TopicPartition? Partition { get; init; }

    /// <summary>Bytes that one batch may take, as sent and as stored (<c>max.message.bytes</c>).</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Bytes that all batches of one append may take (<c>segment.bytes</c>).</summary>
    public int MaxSegmentBytes { get; init; } = int.MaxValue;

    /// <summary>Bytes that one batch's records may take when decompressed; Samsa's own bound against bombs.</summary>
    public int MaxDecompressedBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Whether every record must have a key (<c>cleanup.policy=compact</c>).</summary>
    public bool Compacted { get; init; }

    /// <summary>Whose clock stamps the records (<c>message.timestamp.type</c>).</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>How far in ms a timestamp may lie behind the broker's clock (<c>message.timestamp.before.max.ms</c>); create time only.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>How far in ms a timestamp may lie ahead of the broker's clock (<c>message.timestamp.after.max.ms</c>); create time only.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary>The codec batches are stored with (<c>compression.type</c>); null for the producer's own.</summary>
    public CompressionType? TargetCompression { get; init; }

    /// <summary>The target codec's level (<c>compression.*.level</c>); null for its default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Whether there may be more than one batch; a client sends exactly one per partition.</summary>
    public bool AllowMultipleBatches { get; init; }

    /// <summary>Whether a client sent this, who may not send control batches, base offsets, or producer ids without sequences.</summary>
    public bool IsClient { get; init; } = true;

    /// <summary>The smallest timestamp allowed at that time.</summary>
    internal long EarliestTimestamp(long nowMs) =>
        TimestampBeforeMaxMs == long.MaxValue ? long.MinValue : long.Max(nowMs, 0) - TimestampBeforeMaxMs;

    /// <summary>The largest timestamp allowed at that time.</summary>
    internal long LatestTimestamp(long nowMs) =>
        TimestampAfterMaxMs > long.MaxValue - nowMs ? long.MaxValue : nowMs + TimestampAfterMaxMs;
}
