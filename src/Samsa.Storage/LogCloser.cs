using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What a clean shutdown writes besides the batches.</summary>
internal static class LogCloser
{
    /// <summary>Indexes of the active segment and the producers' state at the log's end; what is there already is left.</summary>
    public static void Finish(LogState log)
    {
        var active = log.Active;
        if (active.IsTouched)
        {
            active.PersistIndexes();
            if (active.Indexes().Offsets.Count > 0)
            {
                // Without entries the next open reads all headers, and misses nothing however little of the index files a power cut leaves.
                active.Sync(isActive: false);
            }
        }

        var snapshot = log.Files.PathOf(log.LogEnd, LogFiles.SnapshotSuffix);
        if (log.LogEnd > Offset.Zero && !log.Files.Disk.FileExists(snapshot))
        {
            log.WriteProducerSnapshot(log.LogEnd, durable: false);
        }

        log.TryPersistEpochs();
    }
}
