using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>Takes a snapshot when the log has grown enough, and then lets go of what older snapshots and the log before them held.</summary>
/// <remarks>
/// The newest two snapshots stay, and the log from the older of them on: a snapshot that turns out to be damaged then
/// costs a longer replay, not the metadata. A crash at any point leaves a snapshot too many or a log too long, never a gap:
/// the new snapshot is durable before anything older goes.
/// </remarks>
internal sealed class MetadataSnapshots(
    LocalMetadataLogOptions options, string directory, IMetadataListener listener, long bytesSinceSnapshot)
{
    private const int Kept = 2;

    private readonly IFileSystem _files = options.FileSystem;
    private long _bytes = bytesSinceSnapshot;

    /// <summary>A change was appended and applied.</summary>
    /// <returns>Whether a snapshot was taken.</returns>
    public bool Appended(PartitionLog log, int bytes, LeaderEpoch epoch, long timestampMs)
    {
        _bytes += bytes;
        if (_bytes < options.MaxBytesBetweenSnapshots)
        {
            return false;
        }

        try
        {
            Take(log, epoch, timestampMs);
            _bytes = 0;
            return true;
        }
        catch (IOException e)
        {
            // Most often the disk is full. The log itself is whole, so this only makes it longer; try again somewhat later.
            ControllerEvents.SnapshotFailed(options.Logger, e);
            _bytes -= options.MaxBytesBetweenSnapshots / 8;
            return false;
        }
    }

    /// <summary>Takes a snapshot of the log's end, unless there is one.</summary>
    /// <exception cref="IOException">The disk failed or is full.</exception>
    public MetadataSnapshotId TakeNow(PartitionLog log, LeaderEpoch epoch, long timestampMs)
    {
        if (MetadataReplay.SnapshotsIn(_files, directory).All(s => s.End != log.LogEndOffset))
        {
            Take(log, epoch, timestampMs);
            _bytes = 0;
        }

        var taken = MetadataReplay.SnapshotsIn(_files, directory).First(s => s.End == log.LogEndOffset);
        return new MetadataSnapshotId(taken.End, taken.Epoch);
    }

    private void Take(PartitionLog log, LeaderEpoch epoch, long timestampMs)
    {
        var id = new SnapshotId(log.LogEndOffset, epoch);
        var nowMs = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var size = MetadataSnapshotFile.Write(_files, directory, id, timestampMs, listener.Snapshot(), nowMs);
        ControllerEvents.SnapshotTaken(options.Logger, id.FileName, size);

        var newestFirst = MetadataReplay.SnapshotsIn(_files, directory).OrderByDescending(s => s.End).ToList();
        if (newestFirst.Count >= Kept)
        {
            log.AdvanceLogStartOffset(newestFirst[Kept - 1].End);
            log.DeleteExpiredSegments(nowMs);
        }

        foreach (var old in newestFirst.Skip(Kept))
        {
            _files.DeleteFile(Path.Join(directory, old.FileName));
        }
    }
}
