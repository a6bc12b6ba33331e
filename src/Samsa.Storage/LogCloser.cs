using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What a clean shutdown writes besides the batches.</summary>
internal static class LogCloser
{
    /// <summary>Writes the indexes of the active segment and the producers' state at the log's end; what is there already is left.</summary>
    /// <returns>Whether anything is left to sync, of this or of the log.</returns>
    public static bool Write(LogState log)
    {
        var active = log.Active;
        var isTouched = active.IsTouched;
        if (isTouched)
        {
            active.PersistIndexes();
        }

        var snapshot = log.Files.PathOf(log.LogEnd, LogFiles.SnapshotSuffix);
        if (log.LogEnd > Offset.Zero && !log.Files.Disk.FileExists(snapshot))
        {
            log.WriteProducerSnapshot(log.LogEnd, durable: false);
        }

        if (isTouched)
        {
            log.TryPersistEpochs();
        }

        return isTouched || log.LogEnd > log.RecoveryPoint || (log.HasUnsyncedNames && log.LogEnd > log.LogStart);
    }

    /// <summary>Syncs the active segment with its indexes.</summary>
    public static void Sync(LogState log)
    {
        // Without entries the next open reads all headers, and misses nothing however little of the index files a power cut leaves.
        if (log.Active.IsTouched && log.Active.Indexes().Offsets.Count > 0)
        {
            log.Active.Sync(isActive: false);
        }
    }
}
