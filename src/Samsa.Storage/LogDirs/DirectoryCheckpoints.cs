using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The offset checkpoints of one log directory: read once at start, written ever after.</summary>
internal sealed class DirectoryCheckpoints
{
    private readonly CheckpointFile _recoveryPointFile;
    private readonly CheckpointFile _logStartOffsetFile;
    private readonly CheckpointFile _highWatermarkFile;
    private Dictionary<TopicPartition, Offset> _recoveryPoints = [];
    private Dictionary<TopicPartition, Offset> _logStartOffsets = [];
    private Dictionary<TopicPartition, Offset> _highWatermarks = [];

    public DirectoryCheckpoints(LogDirectory directory, ILogger logger)
    {
        _recoveryPointFile = new CheckpointFile(directory, CheckpointFile.RecoveryPoints, logger);
        _logStartOffsetFile = new CheckpointFile(directory, CheckpointFile.LogStartOffsets, logger);
        _highWatermarkFile = new CheckpointFile(directory, CheckpointFile.HighWatermarks, logger);
    }

    /// <summary>Reads all three files.</summary>
    /// <returns>False where one was damaged, so that the logs had better be scanned from their beginning.</returns>
    public bool Read() =>
        _recoveryPointFile.TryRead(out _recoveryPoints)
        & _logStartOffsetFile.TryRead(out _logStartOffsets)
        & _highWatermarkFile.TryRead(out _highWatermarks);

    /// <summary>How far a log was on disk, as far as the last run knew.</summary>
    public Offset RecoveryPointAtStart(TopicPartition partition) => _recoveryPoints.GetValueOrDefault(partition);

    /// <summary>Where a log began.</summary>
    public Offset LogStartOffsetAtStart(TopicPartition partition) => _logStartOffsets.GetValueOrDefault(partition);

    /// <summary>A log's high watermark.</summary>
    public Offset HighWatermarkAtStart(TopicPartition partition) => _highWatermarks.GetValueOrDefault(partition);

    /// <summary>What was read is needed no more once every log is open.</summary>
    public void Forget() => (_recoveryPoints, _logStartOffsets, _highWatermarks) = ([], [], []);

    /// <summary>Writes the recovery points.</summary>
    /// <exception cref="IOException">The disk failed, or is full.</exception>
    public void WriteRecoveryPoints(DirectoryLogs logs) =>
        _recoveryPointFile.Write(Gather(logs, static log => log.RecoveryPoint, static log => log.RecoveryPoint, keepZero: true));

    /// <summary>Writes the log start offsets; a log that begins at 0 needs none.</summary>
    /// <exception cref="IOException">The disk failed, or is full.</exception>
    public void WriteLogStartOffsets(DirectoryLogs logs) =>
        _logStartOffsetFile.Write(Gather(logs, static log => log.LogStartOffset, static log => log.LogStartOffset, keepZero: false));

    /// <summary>Writes the high watermarks.</summary>
    /// <exception cref="IOException">The disk failed, or is full.</exception>
    public void WriteHighWatermarks(DirectoryLogs logs) =>
        _highWatermarkFile.Write(Gather(logs, static log => log.HighWatermark, static log => log.HighWatermark, keepZero: true));

    private static List<KeyValuePair<TopicPartition, Offset>> Gather(
        DirectoryLogs logs, Func<PartitionLog, Offset> of, Func<OfflineLog, Offset> ofOffline, bool keepZero)
    {
        var offsets = new List<KeyValuePair<TopicPartition, Offset>>(logs.Logs.Count + logs.Offline.Count);
        foreach (var (partition, log) in logs.Logs)
        {
            Add(partition, of(log));
        }

        foreach (var (partition, log) in logs.Offline)
        {
            Add(partition, ofOffline(log));
        }

        return offsets;

        void Add(TopicPartition partition, Offset offset)
        {
            if (keepZero || offset > Offset.Zero)
            {
                offsets.Add(new(partition, offset));
            }
        }
    }
}
