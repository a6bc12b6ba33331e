using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Takes batches off the end of the log, and segments out of it. Callers hold the writer's lock.</summary>
internal static class LogTruncation
{
    public static void TruncateTo(LogState log, Offset offset)
    {
        if (offset >= log.LogEnd)
        {
            // An epoch that began at the end and took no record says nothing about this log, and would about the next record.
            log.Epochs.TruncateFromEnd(log.LogEnd);
            return;
        }

        if (offset < log.Segments[0].BaseOffset)
        {
            StartAt(log, offset);
            return;
        }

        log.Truncations++;
        var segments = log.Segments;
        var last = LogState.Floor(segments, offset);
        var segment = segments[last];
        var (position, end) = Cut(segment, offset);

        // From the end on, and synced, so that a power cut brings back no batch behind one that is gone.
        log.Segments = segments[..(last + 1)];
        log.LogEnd = Offset.Min(log.LogEnd, segment.End.NextOffset);
        foreach (var removed in segments.AsSpan(last + 1))
        {
            removed.Retire();
            DeleteFiles(log, removed.BaseOffset);
        }

        if (last + 1 < segments.Length)
        {
            log.Files.Disk.SyncDirectory(log.Files.Directory);
        }

        segment.TruncateTo(position, end);
        log.LogEnd = end;
        AfterCut(log, end);
        ProducerReplay.Restore(log, end, log.Files.Disk.ListFiles(log.Files.Directory));
        log.Producers.OnHighWatermark(log.HighWatermark);
        log.Logger.Truncated(log.Partition, end);
    }

    public static void StartAt(LogState log, Offset offset)
    {
        log.Truncations++;
        var segments = log.Segments;
        foreach (var segment in segments)
        {
            segment.Retire();
            DeleteFiles(log, segment.BaseOffset);
        }

        DeleteSnapshotsAbove(log, Offset.None);
        log.Files.Disk.SyncDirectory(log.Files.Directory);
        log.Segments = [LogSegment.Create(log.Files, offset, log.Config, log.NowMs)];
        log.HasUnsyncedNames = true;
        log.LogEnd = offset;
        log.LogStart = offset;
        log.HighWatermark = offset;
        log.RecoveryPoint = offset;
        log.Epochs.Clear();
        log.TryPersistEpochs();
        log.Producers.Clear();
        log.Logger.Truncated(log.Partition, offset);
    }

    /// <summary>Removes a segment's files and the snapshot at its base offset; one that resists is told and left for the next start.</summary>
    public static void DeleteFiles(LogState log, Offset baseOffset)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[.. LogFiles.SegmentSuffixes, LogFiles.SnapshotSuffix])
        {
            TryDelete(log, log.Files.PathOf(baseOffset, suffix));
        }
    }

    public static void DeleteSnapshotsAbove(LogState log, Offset offset)
    {
        foreach (var file in log.Files.Disk.ListFiles(log.Files.Directory))
        {
            if (LogFiles.TryParse(file.Name, out var at, out var suffix) && suffix == LogFiles.SnapshotSuffix && at > offset)
            {
                TryDelete(log, log.Files.PathOf(file.Name));
            }
        }
    }

    public static void TryDelete(LogState log, string path)
    {
        try
        {
            log.Files.Disk.DeleteFile(path);
        }
        catch (IOException e)
        {
            log.Logger.FileNotRemoved(e, log.Partition, path);
        }
    }

    private static void AfterCut(LogState log, Offset end)
    {
        log.RecoveryPoint = Offset.Min(log.RecoveryPoint, end);
        log.HighWatermark = Offset.Min(log.HighWatermark, end);
        log.LogStart = Offset.Min(log.LogStart, end);
        log.Epochs.TruncateFromEnd(end);
        log.TryPersistEpochs();
        DeleteSnapshotsAbove(log, end);
    }

    /// <summary>Where the batch that holds the offset starts, and which offset is next without it: a batch stays whole or goes.</summary>
    private static (int Position, Offset End) Cut(LogSegment segment, Offset offset)
    {
        var shared = segment.Acquire();
        try
        {
            var position = LogReader.Locate(segment, shared.File, segment.End, offset, 0, out var found);
            return (position, position < segment.End.Position ? Offset.Min(found.BaseOffset, offset) : offset);
        }
        finally
        {
            shared.Release();
        }
    }
}
