using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Closes the active segment and begins the next.</summary>
internal static class LogRoller
{
    /// <summary>Whether an append has to go to a new segment.</summary>
    /// <param name="log">The log.</param>
    /// <param name="bytes">The size of the append.</param>
    /// <param name="last">Its last offset.</param>
    /// <param name="maxTimestampMs">Its latest record time.</param>
    /// <param name="nowMs">The time now.</param>
    public static bool IsDue(LogState log, int bytes, Offset last, long maxTimestampMs, long nowMs)
    {
        var active = log.Active;
        if (!active.CanHold(last))
        {
            return true;
        }

        if (active.Size == 0)
        {
            return false;
        }

        var config = log.Config;
        return active.Size > config.SegmentBytes - bytes
            || active.Indexes().IsFull(config.SegmentIndexBytes)
            || Age(active, maxTimestampMs, nowMs) > config.SegmentMs - Jitter(log, active, config);
    }

    /// <summary>Begins a segment at an offset, at least the log's end.</summary>
    /// <exception cref="IOException">The disk failed; the log is as before.</exception>
    public static void Roll(LogState log, Offset baseOffset)
    {
        var segments = log.Segments;
        var closing = segments[^1];
        if (closing.Size > 0)
        {
            closing.PersistIndexes();
            log.WriteProducerSnapshot(baseOffset, durable: false);
        }

        var next = LogSegment.Create(log.Files, baseOffset, log.Config, log.NowMs);
        log.HasUnsyncedNames = true;

        // An empty segment that cannot hold the offset gives way, unless it has the same name.
        LogSegment[] kept = closing.Size > 0 ? segments : segments[..^1];
        log.Segments = [.. kept, next];
        if (closing.Size == 0)
        {
            closing.Retire();
            if (closing.BaseOffset != baseOffset)
            {
                LogTruncation.DeleteFiles(log, closing.BaseOffset);
            }
        }

        log.Logger.Rolled(log.Partition, baseOffset, closing.Size);
        log.Rolled?.Invoke();
    }

    private static long Age(LogSegment segment, long maxTimestampMs, long nowMs)
    {
        var first = segment.FirstTimestampMs();
        return first >= 0 ? maxTimestampMs - first : nowMs - segment.CreatedMs;
    }

    /// <summary>The same for one segment at every call, different between partitions: from a hash, so that no random state is kept.</summary>
    private static long Jitter(LogState log, LogSegment segment, LogConfig config)
    {
        if (config.SegmentJitterMs <= 0)
        {
            return 0;
        }

        var hash = 14695981039346656037UL ^ (ulong)segment.BaseOffset.Value ^ ((ulong)log.Partition.Partition << 40);
        foreach (var character in log.Partition.Topic)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return (long)((hash >> 11) % (ulong)Math.Min(config.SegmentJitterMs, config.SegmentMs));
    }
}
