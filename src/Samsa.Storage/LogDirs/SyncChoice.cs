namespace Samsa.Storage;

/// <summary>
/// Chooses how a group commit reaches the disk: one <c>fdatasync</c> per log, or one <c>syncfs</c> for the whole file
/// system. Decides by what both have cost lately, because syncfs also writes what others left dirty: on a file system
/// of our own it wins from three logs on (64 logs of 64 KB: 6 ms against 46 ms), beside a bulk writer it may never.
/// </summary>
internal sealed class SyncChoice
{
    /// <summary>With fewer logs than this the gain is too small to write strangers' data for.</summary>
    public const int FewestLogs = 4;

    // Weight of the newest observation.
    private const double Weight = 0.25;

    // What the cost of syncfs, when it was passed over, is taken to shrink by: so it is tried again some time.
    private const double Forgetting = 0.99;

    private double _perLogMs = 0.7;
    private double _fileSystemMs = 1;

    /// <summary>Whether to sync the file system as a whole.</summary>
    /// <param name="dirtyLogs">How many logs have to reach the disk.</param>
    public bool WholeFileSystem(int dirtyLogs)
    {
        if (dirtyLogs < FewestLogs)
        {
            return false;
        }

        if (_fileSystemMs <= dirtyLogs * _perLogMs)
        {
            return true;
        }

        _fileSystemMs *= Forgetting;
        return false;
    }

    /// <summary>Takes note of what syncing log by log has cost.</summary>
    public void ObservePerLog(int logs, TimeSpan took) => _perLogMs += Weight * ((took.TotalMilliseconds / logs) - _perLogMs);

    /// <summary>Takes note of what syncing the file system has cost.</summary>
    public void ObserveFileSystem(TimeSpan took) => _fileSystemMs += Weight * (took.TotalMilliseconds - _fileSystemMs);
}
