using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Makes the log durable, beside the writer.</summary>
internal sealed class LogFlusher(LogState log)
{
    private readonly Lock _flushing = new();
    private long _lastFlushMs = log.NowMs;

    public long LastFlushMs => Volatile.Read(ref _lastFlushMs);

    public void Flush()
    {
        lock (_flushing)
        {
            ThrowIfOffline();
            var work = Begin(durableEpochs: true);
            if (work.To > log.RecoveryPoint || work.Names)
            {
                Sync(work);
            }

            Volatile.Write(ref _lastFlushMs, log.NowMs);
        }
    }

    /// <summary>
    /// Takes note of what the caller's sync of the whole file system, which comes next, will make durable. Other flushes of this log wait until it is
    /// told, on the same thread, what came of it.
    /// </summary>
    /// <exception cref="IOException">The log is offline.</exception>
    public PendingFlush BeginShared()
    {
        _flushing.Enter();
        try
        {
            ThrowIfOffline();
            return new PendingFlush(this, Begin(durableEpochs: false));
        }
        catch
        {
            _flushing.Exit();
            throw;
        }
    }

    internal void EndShared(Work work, bool isSynced)
    {
        if (isSynced)
        {
            if (work.Names)
            {
                log.DirectoryIsUnsynced = false;
            }

            Raise(work);
            Volatile.Write(ref _lastFlushMs, log.NowMs);
        }
        else if (work.Names)
        {
            lock (log.Writer)
            {
                log.HasUnsyncedNames = true;
            }
        }

        _flushing.Exit();
    }

    private void ThrowIfOffline()
    {
        if (log.IsOffline)
        {
            throw new IOException($"The log of {log.Partition} is offline after a failed sync.");
        }
    }

    private Work Begin(bool durableEpochs)
    {
        lock (log.Writer)
        {
            // Small and rare: epochs change with leaders. Were it not durable, recovery could not tell where the epochs below the recovery point began.
            if (log.Epochs.IsUnsynced && log.LogEnd > log.RecoveryPoint)
            {
                log.Epochs.Persist(log.Files, durable: durableEpochs);
            }

            var work = new Work(log.LogEnd, log.Segments, log.Truncations, log.HasUnsyncedNames && log.LogEnd > log.LogStart);
            if (work.Names)
            {
                log.HasUnsyncedNames = false;
            }

            return work;
        }
    }

    private void Sync(Work work)
    {
        try
        {
            var from = log.RecoveryPoint;
            for (var i = work.Segments.Length - 1; i >= 0 && work.Segments[i].End.NextOffset >= from; i--)
            {
                SyncSegment(work, i);
            }

            if (work.Names)
            {
                SyncNames();
            }
        }
        catch (IOException e)
        {
            // After a failed fsync the kernel may have dropped the pages: a second one that succeeds would prove nothing.
            log.IsOffline = true;
            log.Logger.SyncFailed(e, log.Partition);
            throw;
        }

        Raise(work);
    }

    private void Raise(in Work work)
    {
        lock (log.Writer)
        {
            if (work.Truncations == log.Truncations && work.To > log.RecoveryPoint)
            {
                log.RecoveryPoint = work.To;
            }
        }
    }

    private static void SyncSegment(in Work work, int index)
    {
        var segment = work.Segments[index];
        try
        {
            segment.Sync(isActive: index == work.Segments.Length - 1);
        }
        catch (IOException) when (segment.IsRetired)
        {
            // Deleted meanwhile: nothing of it has to last.
        }
    }

    private void SyncNames()
    {
        var files = log.Files;
        if (log.DirectoryIsUnsynced)
        {
            if (log.TopicId.IsKnown)
            {
                using var metadata = files.Disk.Open(files.PathOf(LogFiles.MetadataName), StorageOpenMode.Existing);
                metadata.Sync();
            }

            if (Path.GetDirectoryName(files.Directory) is { Length: > 0 } parent)
            {
                files.Disk.SyncDirectory(parent);
            }

            log.DirectoryIsUnsynced = false;
        }

        files.Disk.SyncDirectory(files.Directory);
    }

    /// <summary>What a flush brings to the disk, as of its beginning.</summary>
    internal readonly record struct Work(Offset To, LogSegment[] Segments, int Truncations, bool Names);
}

/// <summary>A log's part in a sync of the whole file system; ends with one of its two methods.</summary>
internal readonly struct PendingFlush(LogFlusher flusher, LogFlusher.Work work)
{
    /// <summary>The file system was synced.</summary>
    public void Complete() => flusher.EndShared(work, isSynced: true);

    /// <summary>It was not: nothing has changed.</summary>
    public void Abandon() => flusher.EndShared(work, isSynced: false);
}
