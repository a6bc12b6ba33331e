using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>
/// After an unclean stop: reads every batch from the recovery point's segment on, drops a torn tail, and builds indexes, epochs and producer state
/// anew. Damage that is no torn tail is not mended.
/// </summary>
internal sealed class LogRecovery(LogState log, PartitionLogOptions options)
{
    private long _scanned;

    public void Run(Offset recoveryPoint)
    {
        var segments = log.Segments;

        // A segment that ends right at the recovery point may have been closed after that flush: its batches are synced, its indexes perhaps not.
        var first = Math.Max(0, LogState.Floor(segments, recoveryPoint - 1));
        var from = segments[first].BaseOffset;
        PrepareState(from);
        var end = from;
        for (var i = first; i < log.Segments.Length; i++)
        {
            var segment = log.Segments[i];
            if (segment.BaseOffset != end && IsGapLoss(segment, end, recoveryPoint))
            {
                DropFrom(i, end, "the batches between this segment and the one before it are missing");
                break;
            }

            if (segment.BaseOffset < end)
            {
                throw new LogCorruptException($"{segment.Path} begins at {segment.BaseOffset}, but the segment before it reaches to {end}.");
            }

            if (i > first)
            {
                log.WriteProducerSnapshot(segment.BaseOffset, durable: false);
            }

            end = Scan(i, recoveryPoint);
        }

        Finish(from, end, recoveryPoint);
    }

    private void PrepareState(Offset from)
    {
        // Snapshots and epochs behind the first byte that is read again came from bytes that may be gone.
        LogTruncation.DeleteSnapshotsAbove(log, from);
        log.Epochs.TruncateFromEnd(from);
        ProducerReplay.Restore(log, from, log.Files.Disk.ListFiles(log.Files.Directory));
    }

    /// <summary>Segments begin where the one before ended, but for compacted logs; a gap is then made of batches that were never written.</summary>
    private bool IsGapLoss(LogSegment segment, Offset end, Offset recoveryPoint) =>
        segment.BaseOffset > end && end >= recoveryPoint && !log.Config.CleanupCompact;

    private Offset Scan(int index, Offset recoveryPoint)
    {
        var segment = log.Segments[index];
        var indexes = new SegmentIndexes();
        var times = SegmentTimes.None;
        var end = segment.BaseOffset;
        var aborted = new List<AbortedTransaction>();
        var shared = segment.Acquire();
        try
        {
            using var scanner = new BatchScanner(shared.File, options.RecoveryProgress);
            while (scanner.MoveNext(end))
            {
                if (!segment.CanHold(scanner.Header.LastOffset))
                {
                    throw new LogCorruptException($"{segment.Path}, position {scanner.Position}: offset {scanner.Header.LastOffset} is out of the segment's range.");
                }

                times = times.With(scanner.Header);
                indexes.Observe(scanner.Header, segment.BaseOffset, scanner.Position, log.Config.IndexIntervalBytes, times);
                TakeNote(scanner, aborted);
                end = scanner.Header.NextOffset;
            }

            _scanned += scanner.Next;
            options.RecoverySegmentScanned?.Invoke();
            segment.Restore(new SegmentEnd(end, (int)scanner.Next, times), indexes);
            if (scanner.Fault is { } fault)
            {
                Judge(index, shared.File, scanner.Next, end, recoveryPoint, fault);
                var dropped = shared.File.Length - scanner.Next;
                shared.File.SetLength(scanner.Next);
                shared.File.Sync();
                log.Logger.TailDropped(log.Partition, dropped, end, scanner.Next, segment.Path, fault);
                options.RecoveryTruncated?.Invoke(dropped);
                DropFrom(index + 1, end, fault);
            }
        }
        finally
        {
            shared.Release();
        }

        segment.RestoreAborted([.. aborted]);
        if (index < log.Segments.Length - 1)
        {
            segment.PersistIndexes();
        }

        return end;
    }

    private void TakeNote(BatchScanner scanner, List<AbortedTransaction> aborted)
    {
        var header = scanner.Header;
        if (header.LeaderEpoch > log.Epochs.Latest)
        {
            log.Epochs.Assign(header.LeaderEpoch, header.BaseOffset);
        }

        if (header.HasProducerId && log.Producers.Apply(scanner.Batch, header, log.NowMs, out var transaction))
        {
            aborted.Add(transaction);
        }
    }

    /// <summary>Throws where the bad batch is more than an unfinished write.</summary>
    private void Judge(int index, IStorageFile file, long position, Offset expected, Offset recoveryPoint, string fault)
    {
        var where = $"{log.Segments[index].Path}, position {position}, offset {expected}: {fault}";
        if (expected < recoveryPoint)
        {
            throw new LogCorruptException($"{where}; everything below offset {recoveryPoint} had been synced.");
        }

        // A sector that was never written may well lie before others that were, as long as nothing of them had been synced.
        var kind = options.EveryAppendIsSynced ? TailDamageKind.Garbage : TailDamage.Judge(file, position);
        var isCorrupt = kind switch
        {
            TailDamageKind.NeverWritten => false,
            TailDamageKind.CutShort => TailDamage.HasBatchAfter(file, position, expected),
            _ => TailDamage.HasBatchAfter(file, position, expected) || log.Segments.Skip(index + 1).Any(segment => segment.Size > 0),
        };
        if (isCorrupt)
        {
            throw new LogCorruptException($"{where}; good batches follow.");
        }
    }

    private void DropFrom(int index, Offset end, string reason)
    {
        var segments = log.Segments;
        if (index >= segments.Length)
        {
            return;
        }

        log.Segments = segments[..index];
        foreach (var segment in segments.AsSpan(index))
        {
            log.Logger.TailDropped(log.Partition, segment.Size, end, 0, segment.Path, reason);
            options.RecoveryTruncated?.Invoke(segment.Size);
            segment.Retire();
            LogTruncation.DeleteFiles(log, segment.BaseOffset);
        }

        // Lest another power cut brings them back behind batches appended since.
        log.Files.Disk.SyncDirectory(log.Files.Directory);
    }

    private void Finish(Offset from, Offset end, Offset recoveryPoint)
    {
        if (end < recoveryPoint)
        {
            log.Logger.EndsBeforeRecoveryPoint(log.Partition, end, recoveryPoint);
        }

        log.LogEnd = end;
        log.RecoveryPoint = Offset.Min(recoveryPoint, end);
        LogTruncation.DeleteSnapshotsAbove(log, end);
        log.Logger.Recovered(log.Partition, _scanned, from, end);
    }
}
