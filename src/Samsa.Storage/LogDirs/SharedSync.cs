namespace Samsa.Storage;

/// <summary>
/// Brings several logs of one log directory to the disk: each by its own <c>fdatasync</c>, or all by one <c>syncfs</c>
/// where that is cheaper. One thread at a time.
/// </summary>
/// <param name="directory">The directory.</param>
/// <param name="time">The clock.</param>
/// <param name="syncOne">Syncs a log by itself, or throws <see cref="IOException"/>.</param>
/// <param name="synced">Told how long each sync took, of one log or of all; null where nobody counts.</param>
internal sealed class SharedSync(LogDirectory directory, TimeProvider time, Action<PartitionLog> syncOne, Action<TimeSpan>? synced = null)
{
    private readonly SyncChoice _choice = new();
    private readonly List<PendingFlush> _begun = [];

    /// <summary>Syncs the logs.</summary>
    /// <param name="logs">The logs.</param>
    /// <param name="done">Told of each log as soon as it is on disk, or of the failure.</param>
    public void Run(IReadOnlyCollection<PartitionLog> logs, Action<PartitionLog, IOException?> done)
    {
        if (logs.Count == 0)
        {
            return;
        }

        var started = time.GetTimestamp();
        if (_choice.WholeFileSystem(logs.Count) && TrySyncFileSystem(logs))
        {
            var elapsed = time.GetElapsedTime(started);
            _choice.ObserveFileSystem(elapsed);
            synced?.Invoke(elapsed);
            foreach (var log in logs)
            {
                done(log, Check(log));
            }

            return;
        }

        foreach (var log in logs)
        {
            var begun = time.GetTimestamp();
            var failure = TrySync(log);
            synced?.Invoke(time.GetElapsedTime(begun));
            done(log, failure);
        }

        _choice.ObservePerLog(logs.Count, time.GetElapsedTime(started));
    }

    /// <returns>False where nothing was synced, or some log's data failed: then each log has to be asked for itself.</returns>
    private bool TrySyncFileSystem(IReadOnlyCollection<PartitionLog> logs)
    {
        try
        {
            foreach (var log in logs)
            {
                _begun.Add(log.BeginFlush());
            }

            if (!directory.Files.SyncFileSystem(directory.Path))
            {
                return false;
            }

            foreach (var flush in _begun)
            {
                flush.Complete();
            }

            _begun.Clear();
            return true;
        }
        catch (IOException)
        {
            // The kernel tells a failed write-back to every file that it concerns, also after syncfs was told.
            return false;
        }
        finally
        {
            foreach (var flush in _begun)
            {
                flush.Abandon();
            }

            _begun.Clear();
        }
    }

    private IOException? TrySync(PartitionLog log)
    {
        try
        {
            syncOne(log);
            return Check(log);
        }
        catch (IOException failure)
        {
            return failure;
        }
    }

    /// <summary>A log that was closed because its directory failed has nothing left to sync, which is no success.</summary>
    private IOException? Check(PartitionLog log) =>
        directory.OfflineReason is { } reason ? new IOException($"Log directory {directory.Path} is out of use: {reason}")
        : log.IsOffline ? new IOException($"The log of {log.Partition} is offline")
        : null;
}
