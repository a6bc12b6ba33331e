using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>The way from a directory on disk to a log that this node leads.</summary>
internal sealed class LocalMetadataLogOpening(LocalMetadataLogOptions options, IMetadataListener listener)
{
    private readonly IFileSystem _files = options.FileSystem;
    private readonly string _directory = MetadataStore.DirectoryOf(options);

    public (MetadataStore Store, LeaderEpoch Epoch) Run()
    {
        var started = options.TimeProvider.GetTimestamp();
        var store = MetadataStore.Open(options, listener, everyAppendIsSynced: true);
        try
        {
            var epoch = Lead(store.Log, store.Loaded?.Epoch ?? LeaderEpoch.None, store.EndsInTransaction);
            ControllerEvents.Opened(
                options.Logger, store.Log.LogEndOffset, epoch, store.Loaded?.End ?? Offset.None,
                (long)options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
            return (store, epoch);
        }
        catch
        {
            store.Log.Dispose();
            throw;
        }
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
