using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What <see cref="PartitionLog.Open"/> needs.</summary>
public sealed record PartitionLogOptions
{
    /// <summary>The disk.</summary>
    public required IFileSystem FileSystem { get; init; }

    /// <summary>The partition's directory, <c>LOGDIR/TOPIC-PARTITION</c>; made when missing.</summary>
    public required string Directory { get; init; }

    /// <summary>The partition.</summary>
    public required TopicPartition Partition { get; init; }

    /// <summary>The topic's id; <see cref="TopicId.None"/> to take the one in <c>partition.metadata</c>.</summary>
    public TopicId TopicId { get; init; }

    /// <summary>The log's settings.</summary>
    public LogConfig Config { get; init; } = LogConfig.Default;

    /// <summary>Everything below is known to be synced (<c>recovery-point-offset-checkpoint</c>).</summary>
    public Offset RecoveryPoint { get; init; }

    /// <summary>First offset that may be read (<c>log-start-offset-checkpoint</c>); raised to what is on disk.</summary>
    public Offset LogStartOffset { get; init; }

    /// <summary>The last known high watermark (<c>replication-offset-checkpoint</c>); kept within the log.</summary>
    public Offset HighWatermark { get; init; }

    /// <summary>The log was closed by <see cref="PartitionLog.CloseCleanly"/>: no recovery is needed.</summary>
    public bool CleanShutdown { get; init; }

    /// <summary>
    /// Every append is synced before the next one: so a power cut can have torn the last batch only, and damage in front of a good batch is
    /// corruption, whatever it looks like.
    /// </summary>
    public bool EveryAppendIsSynced { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the log says what it does.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Told the bytes scanned by recovery since the last report.</summary>
    public Action<long>? RecoveryProgress { get; init; }

    /// <summary>Told that recovery read a segment to its end, or to where it is damaged.</summary>
    public Action? RecoverySegmentScanned { get; init; }

    /// <summary>Told the bytes that recovery cut off.</summary>
    public Action<long>? RecoveryTruncated { get; init; }

    /// <summary>Called after a segment was closed and the next one begun, under the log's lock: only take note, for example to flush soon.</summary>
    public Action<PartitionLog>? SegmentRolled { get; init; }

    /// <summary>Told that the disk failed to read or write records: something may be wrong with more than this log.</summary>
    public Action? DiskFailed { get; init; }
}
