using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Deletes the oldest segments: too old, too much, or below the log start offset. Callers hold the writer's lock.</summary>
internal sealed class LogRetention(LogState log)
{
    private Queue<PendingDeletion>? _pending;

    public int DeleteExpired(long nowMs)
    {
        RemovePending(nowMs);
        var count = CountExpired(nowMs);
        if (count == 0)
        {
            return 0;
        }

        if (count == log.Segments.Length)
        {
            LogRoller.Roll(log, log.LogEnd);
        }

        Delete(count, nowMs);
        return count;
    }

    /// <summary>Closes what nobody used for one retention interval.</summary>
    public void CloseIdleSegments()
    {
        foreach (var segment in log.Segments)
        {
            segment.CloseIfIdle(isDurable: segment.End.NextOffset < log.RecoveryPoint);
        }
    }

    private int CountExpired(long nowMs)
    {
        var segments = log.Segments;
        var config = log.Config;
        var excess = config.RetentionBytes < 0 ? 0 : segments.Sum(segment => (long)segment.Size) - config.RetentionBytes;
        var count = 0;
        while (count < segments.Length)
        {
            var segment = segments[count];
            var isActive = count == segments.Length - 1;
            var end = isActive ? log.LogEnd : segments[count + 1].BaseOffset;
            var tooOld = config.CleanupDelete && config.RetentionMs >= 0 && nowMs - LatestTimeOf(segment) > config.RetentionMs;
            var tooMuch = config.CleanupDelete && config.RetentionBytes >= 0 && excess >= segment.Size;
            var belowStart = end <= log.LogStart && !isActive;
            if (segment.Size == 0 || end > log.HighWatermark || !(tooOld || tooMuch || belowStart))
            {
                break;
            }

            excess -= segment.Size;
            count++;
        }

        return count;
    }

    private static long LatestTimeOf(LogSegment segment) =>
        segment.Times() is { MaxTimestampMs: >= 0 } times ? times.MaxTimestampMs : segment.CreatedMs;

    private void Delete(int count, long nowMs)
    {
        var segments = log.Segments;
        log.LogStart = Offset.Max(log.LogStart, segments[count].BaseOffset);
        log.Segments = segments[count..];
        log.Epochs.TruncateFromStart(log.LogStart);
        log.TryPersistEpochs();
        foreach (var segment in segments.AsSpan(0, count))
        {
            segment.Retire();
            MarkDeleted(segment.BaseOffset, nowMs);
        }

        log.Logger.SegmentsDeleted(log.Partition, count, log.LogStart);
    }

    private void MarkDeleted(Offset baseOffset, long nowMs)
    {
        var disk = log.Files.Disk;
        foreach (var suffix in LogFiles.SegmentSuffixes)
        {
            var path = log.Files.PathOf(baseOffset, suffix);
            if (!disk.FileExists(path))
            {
                continue;
            }

            try
            {
                disk.Rename(path, path + LogFiles.DeletedSuffix);
                (_pending ??= new()).Enqueue(new(path + LogFiles.DeletedSuffix, nowMs + log.Config.FileDeleteDelayMs));
            }
            catch (IOException e)
            {
                log.Logger.FileNotRemoved(e, log.Partition, path);
            }
        }

        LogTruncation.TryDelete(log, log.Files.PathOf(baseOffset, LogFiles.SnapshotSuffix));
    }

    private void RemovePending(long nowMs)
    {
        while (_pending is { Count: > 0 } && _pending.Peek().DueMs <= nowMs)
        {
            LogTruncation.TryDelete(log, _pending.Dequeue().Path);
        }

        if (_pending is { Count: 0 })
        {
            _pending = null;
        }
    }

    private readonly record struct PendingDeletion(string Path, long DueMs);
}
