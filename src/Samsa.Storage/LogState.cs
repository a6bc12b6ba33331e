using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// What the parts of one log share. Changed under <see cref="Writer"/>; the offsets and the segment list are read beside it. Readers take
/// <see cref="LogStart"/>, then <see cref="LogEnd"/>, then <see cref="Segments"/>; writers publish in the opposite order where the log grows.
/// </summary>
internal sealed class LogState(PartitionLogOptions options, LogFiles files)
{
    private LogConfig _config = options.Config;
    private LogSegment[] _segments = [];
    private long _logStart;
    private long _logEnd;
    private long _recoveryPoint;
    private long _highWatermark;
    private bool _isOffline;

    /// <summary>Held by whoever changes the log; never while data is synced.</summary>
    public Lock Writer { get; } = new();

    public LogFiles Files { get; } = files;

    public TopicPartition Partition { get; } = options.Partition;

    public TopicId TopicId { get; set; } = options.TopicId;

    public TimeProvider Clock { get; } = options.TimeProvider;

    public ILogger Logger { get; } = options.Logger;

    /// <summary>Called, under the lock, after a roll.</summary>
    public Action? Rolled { get; set; }

    /// <summary>To be called where the disk fails.</summary>
    public Action? DiskFailed { get; } = options.DiskFailed;

    public LeaderEpochCache Epochs { get; } = new();

    public ProducerStates Producers { get; } = new();

    public LogConfig Config
    {
        get => Volatile.Read(ref _config);
        set => Volatile.Write(ref _config, value);
    }

    /// <summary>Ascending by base offset, never empty once open, replaced as a whole.</summary>
    public LogSegment[] Segments
    {
        get => Volatile.Read(ref _segments);
        set => Volatile.Write(ref _segments, value);
    }

    public LogSegment Active => Segments[^1];

    public Offset LogStart
    {
        get => new(Volatile.Read(ref _logStart));
        set => Volatile.Write(ref _logStart, value.Value);
    }

    public Offset LogEnd
    {
        get => new(Volatile.Read(ref _logEnd));
        set => Volatile.Write(ref _logEnd, value.Value);
    }

    public Offset RecoveryPoint
    {
        get => new(Volatile.Read(ref _recoveryPoint));
        set => Volatile.Write(ref _recoveryPoint, value.Value);
    }

    public Offset HighWatermark
    {
        get => new(Volatile.Read(ref _highWatermark));
        set => Volatile.Write(ref _highWatermark, value.Value);
    }

    /// <summary>A sync failed; nothing can be said of what is on disk.</summary>
    public bool IsOffline
    {
        get => Volatile.Read(ref _isOffline);
        set => Volatile.Write(ref _isOffline, value);
    }

    public bool IsClosed { get; set; }

    /// <summary>Files may have been created since the directory was last synced; after a start nobody knows.</summary>
    public bool HasUnsyncedNames { get; set; } = true;

    /// <summary>Whether the directory's own name, and <c>partition.metadata</c>, may not be synced yet.</summary>
    public bool DirectoryIsUnsynced { get; set; } = true;

    /// <summary>Counts truncations, so that a flush going on beside one claims nothing.</summary>
    public int Truncations { get; set; }

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The index of the segment that would hold the offset; -1 for one before all segments.</summary>
    public static int Floor(LogSegment[] segments, Offset offset)
    {
        var low = 0;
        var high = segments.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (segments[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }

    /// <summary>Writes the producers' state as it is at the log's end.</summary>
    public void WriteProducerSnapshot(Offset at, bool durable) =>
        Files.Disk.ReplaceFile(Files.PathOf(at, LogFiles.SnapshotSuffix), ProducerSnapshot.Encode(Producers.ToSnapshot()), durable);

    /// <summary>Writes the epochs if they changed; a failure is made up for by the next flush.</summary>
    public void TryPersistEpochs()
    {
        try
        {
            Epochs.Persist(Files, durable: false);
        }
        catch (IOException e)
        {
            Logger.EpochsNotWritten(e, Partition);
        }
    }
}
