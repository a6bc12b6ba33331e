using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>One of a log directory's offset checkpoints on disk. Replaced as a whole, and only when something changed.</summary>
internal sealed class CheckpointFile(LogDirectory directory, string name, ILogger logger)
{
    /// <summary>How far each log is known to be on disk.</summary>
    public const string RecoveryPoints = "recovery-point-offset-checkpoint";

    /// <summary>Where each log whose first records were deleted begins.</summary>
    public const string LogStartOffsets = "log-start-offset-checkpoint";

    /// <summary>The high watermarks.</summary>
    public const string HighWatermarks = "replication-offset-checkpoint";

    private readonly Lock _gate = new();
    private byte[] _written = [];

    /// <summary>Reads the file.</summary>
    /// <param name="offsets">The offsets; empty where the file is missing or damaged.</param>
    /// <returns>False where the file is damaged: what it knew is lost, and the caller has to assume the worst.</returns>
    public bool TryRead(out Dictionary<TopicPartition, Offset> offsets)
    {
        offsets = [];
        var path = directory.In(name);
        if (!directory.Files.FileExists(path))
        {
            return true;
        }

        if (OffsetCheckpoint.TryParse(directory.Files.ReadAllBytes(path), out offsets, out var reason))
        {
            return true;
        }

        LogDirEvents.CheckpointDamaged(logger, path, reason);
        return false;
    }

    /// <summary>Writes the file durably; nothing is done where it would be as it was written last.</summary>
    /// <exception cref="IOException">The disk failed, or is full; the file is as it was.</exception>
    public void Write(IReadOnlyCollection<KeyValuePair<TopicPartition, Offset>> offsets)
    {
        lock (_gate)
        {
            var text = OffsetCheckpoint.Format(offsets);
            if (!text.AsSpan().SequenceEqual(_written))
            {
                directory.Files.ReplaceFile(directory.In(name), text, durable: true);
                _written = text;
            }
        }
    }
}
