using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>The way from a directory on disk to a log that this node leads.</summary>
internal sealed class LocalMetadataLogOpening(LocalMetadataLogOptions options, IMetadataListener listener)
{
    private static readonly TopicPartition s_partition = new("__cluster_metadata", 0);

    private readonly IFileSystem _files = options.FileSystem;
    private readonly string _directory = Path.Join(options.LogDirectory, s_partition.ToString());

    public (PartitionLog Log, MetadataSnapshots Snapshots, LeaderEpoch Epoch) Run()
    {
        var started = options.TimeProvider.GetTimestamp();
        if (_files.DirectoryExists(_directory))
        {
            SweepLeftovers();
        }

        var log = OpenLog();
        try
        {
            var replay = new MetadataReplay(options, _directory, listener);
            var snapshot = replay.LoadSnapshot(log.LogStartOffset);
            if (snapshot is { } s && s.End > log.LogEndOffset)
            {
                // A copied snapshot without its log, or a log of Kafka's bootstrap: it goes on where the snapshot ends.
                log.TruncateFullyAndStartAt(s.End);
            }

            replay.Apply(log, snapshot?.End ?? Offset.Zero);
            var epoch = Lead(log, snapshot?.Epoch ?? LeaderEpoch.None, replay.EndsInTransaction);
            var snapshots = new MetadataSnapshots(options, _directory, listener, replay.BytesRead);
            ControllerEvents.Opened(
                options.Logger, log.LogEndOffset, epoch, snapshot?.End ?? Offset.None,
                (long)options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
            return (log, snapshots, epoch);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    private void SweepLeftovers()
    {
        foreach (var file in _files.ListFiles(_directory))
        {
            if (SnapshotId.IsLeftover(file.Name))
            {
                _files.DeleteFile(Path.Join(_directory, file.Name));
            }
        }
    }

    private PartitionLog OpenLog()
    {
        var isNew = !_files.DirectoryExists(_directory);
        var log = PartitionLog.Open(new PartitionLogOptions
        {
            FileSystem = _files,
            Directory = _directory,
            Partition = s_partition,
            TopicId = TopicId.ClusterMetadata,
            Config = new LogConfig
            {
                SegmentBytes = options.SegmentBytes,
                SegmentMs = long.MaxValue,
                RetentionMs = -1,
                MaxMessageBytes = int.MaxValue,
                TimestampAfterMaxMs = long.MaxValue,
                FileDeleteDelayMs = 0,
            },
            EveryAppendIsSynced = true,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        if (isNew)
        {
            _files.SyncDirectory(options.LogDirectory);
        }

        return log;
    }

    /// <summary>Begins a new epoch: no two runs of this node ever lead the same one.</summary>
    private LeaderEpoch Lead(PartitionLog log, LeaderEpoch snapshotEpoch, bool endsInTransaction)
    {
        var last = new[] { log.LatestEpoch, snapshotEpoch, QuorumState.ReadEpoch(_files, _directory) }.Max();
        var epoch = new LeaderEpoch(Math.Max(last.Value, 0) + 1);
        QuorumState.WriteLeader(_files, _directory, options.NodeId, epoch);
        log.AssignEpoch(epoch);

        var nowMs = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        Append(log, epoch, MetadataBatch.Control(
            ControlRecordType.LeaderChange,
            new LeaderChangeMessage
            {
                LeaderId = options.NodeId,
                Voters = [new LeaderChangeMessage.Voter { VoterId = options.NodeId }],
                GrantingVoters = [new LeaderChangeMessage.Voter { VoterId = options.NodeId }],
            },
            0,
            nowMs));
        if (endsInTransaction)
        {
            using var builder = new RecordBatchBuilder();
            builder.Append(new AbortTransactionRecord { Reason = "The controller that began it is gone" }, nowMs);
            Append(log, epoch, builder.Build());
        }

        log.Flush();
        log.AdvanceHighWatermark(log.LogEndOffset);
        return epoch;
    }

    private static void Append(PartitionLog log, LeaderEpoch epoch, Memory<byte> batch)
    {
        var outcome = log.AppendAsLeader(batch, epoch, AppendOrigin.Coordinator);
        if (outcome.Error != ErrorCode.None)
        {
            throw new IOException($"The metadata log could not be written: {outcome.Error} {outcome.Message}");
        }
    }
}
