using Samsa.Broker.Metrics;
using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Partitions;

/// <summary>
/// One partition this broker holds: its log, what <see cref="LeaderReplica"/> decides about it, and the fetches that
/// wait for it. One writer at a time; readers take no lock.
/// </summary>
internal sealed class Partition
{
    private readonly Lock _gate = new();
    private readonly PartitionLog? _log;
    private readonly LogStore _store;
    private readonly List<FetchWaiter> _waiters = [];
    private LeaderReplica? _leader;
    private long _highWatermark;

    /// <summary>A partition with its log, or without one where the log could not be opened.</summary>
    public Partition(TopicPartition name, TopicId topicId, PartitionLog? log, LogStore store, PartitionTraffic traffic)
    {
        Traffic = traffic;
        Name = name;
        TopicId = topicId;
        _log = log;
        _store = store;
        _highWatermark = log?.HighWatermark.Value ?? 0;
    }

    /// <summary>Which partition.</summary>
    public TopicPartition Name { get; }

    /// <summary>The id of its topic.</summary>
    public TopicId TopicId { get; }

    /// <summary>What goes in and out, counted.</summary>
    public PartitionTraffic Traffic { get; }

    /// <summary>Whether this broker leads it.</summary>
    public bool IsLed => Volatile.Read(ref _leader) is not null;

    /// <summary>The log; throws for a partition that is offline, so ask <see cref="IsOffline"/> first.</summary>
    public PartitionLog Log => _log ?? throw new InvalidOperationException($"{Name} is offline");

    /// <summary>Whether reads and writes are impossible because of its disk.</summary>
    public bool IsOffline => _log is null || _log.IsOffline;

    /// <summary>The epoch of the present leadership.</summary>
    public LeaderEpoch LeaderEpoch => Volatile.Read(ref _leader)?.Epoch ?? LeaderEpoch.None;

    /// <summary>Up to here, exclusive, consumers may read.</summary>
    public Offset HighWatermark => new(Volatile.Read(ref _highWatermark));

    /// <summary>Up to here, exclusive, consumers that want only committed transactions may read (KIP-98).</summary>
    public Offset LastStableOffset => Offset.Min(HighWatermark, Log.LastStableOffset);

    /// <summary>Takes over leadership, or goes on with it, as the metadata log says.</summary>
    public void BecomeLeader(PartitionImage image)
    {
        if (_log is null)
        {
            return;
        }

        lock (_gate)
        {
            if (_leader?.Epoch == image.LeaderEpoch)
            {
                return;
            }

            Invariant.Holds(_leader is null || image.LeaderEpoch > _leader.Epoch);
            var leader = new LeaderReplica(
                image.LeaderEpoch, _log.LogEndOffset, _log.HighWatermark, image.Replicas.Length, _log.Config.FlushOnAck);

            // What recovery left in the log was read back from disk, so it is as durable as it will get.
            leader.OnDurable(_log.LogEndOffset);
            leader.OnAppended(_log.LogEndOffset);
            _log.AssignEpoch(image.LeaderEpoch);
            Volatile.Write(ref _leader, leader);
            Publish(leader);
        }
    }

    /// <summary>Takes over a changed topic configuration.</summary>
    public void Configure(LogConfig config)
    {
        if (_log is null)
        {
            return;
        }

        lock (_gate)
        {
            _log.Config = config;
            if (_leader is { } leader)
            {
                leader.WaitsForDisk = config.FlushOnAck;
            }
        }
    }

    /// <summary>Appends what a producer sent.</summary>
    /// <param name="records">The batches; base offset, epoch and append time are patched into them.</param>
    /// <param name="needsAll">Whether the producer waits for all in-sync replicas.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="cancellationToken">Ends waiting, not the append.</param>
    public PartitionAppend Append(Memory<byte> records, bool needsAll, AppendOrigin origin, CancellationToken cancellationToken)
    {
        if (IsOffline)
        {
            return PartitionAppend.Failed(ErrorCode.KafkaStorageError);
        }

        List<FetchWaiter>? wake = null;
        AppendOutcome outcome;
        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return PartitionAppend.Failed(ErrorCode.NotLeaderOrFollower);
            }

            if (needsAll && !leader.MayAcknowledgeAll(Log.Config.MinInSyncReplicas))
            {
                return PartitionAppend.Failed(ErrorCode.NotEnoughReplicas);
            }

            outcome = Log.AppendAsLeader(records, leader.Epoch, origin);
            if (outcome.Error == ErrorCode.None && !outcome.IsDuplicate && leader.OnAppended(Log.LogEndOffset))
            {
                Publish(leader);
                wake = TakeWaiters();
            }
        }

        Tell(wake, records.Length);
        if (outcome.Error != ErrorCode.None)
        {
            return new PartitionAppend(outcome, default);
        }

        if (!outcome.IsDuplicate)
        {
            Traffic.Appended(records.Length, (int)(outcome.LastOffset - outcome.FirstOffset) + 1);
        }

        // A sync that the topic asks for (samsa.flush.on.ack, flush.messages) is shared with everybody who waits for one.
        var durable = _store.CommitAsync(Log, outcome.LastOffset + 1, cancellationToken);
        return durable.IsCompletedSuccessfully && !Log.Config.FlushOnAck
            ? new PartitionAppend(outcome, default)
            : new PartitionAppend(outcome, CommitAsync(durable, outcome.LastOffset + 1, records.Length));
    }

    /// <summary>Deletes the records before an offset, or with <see cref="Offset.None"/> all that are committed (KIP-107).</summary>
    /// <param name="before">The first offset to stay.</param>
    /// <param name="lowWatermark">Where the log begins now; none where it was refused.</param>
    public ErrorCode DeleteRecords(Offset before, out Offset lowWatermark)
    {
        lowWatermark = Offset.None;
        if (IsOffline)
        {
            return ErrorCode.KafkaStorageError;
        }

        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return ErrorCode.NotLeaderOrFollower;
            }

            // A compacted log is a table: records leave it by tombstones only.
            if (Log.Config is { CleanupCompact: true, CleanupDelete: false })
            {
                return ErrorCode.PolicyViolation;
            }

            before = before == Offset.None ? leader.HighWatermark : before;
            if (!before.IsPosition || before > leader.HighWatermark)
            {
                return ErrorCode.OffsetOutOfRange;
            }

            Log.AdvanceLogStartOffset(before);
            lowWatermark = Log.LogStartOffset;
            return ErrorCode.None;
        }
    }

    /// <summary>Checks the epoch a client believes in (KIP-320).</summary>
    public ErrorCode CheckEpoch(LeaderEpoch believed)
    {
        var epoch = LeaderEpoch;
        return !epoch.IsKnown ? ErrorCode.NotLeaderOrFollower
            : !believed.IsKnown || believed == epoch ? ErrorCode.None
            : believed < epoch ? ErrorCode.FencedLeaderEpoch
            : ErrorCode.UnknownLeaderEpoch;
    }

    /// <summary>Adds a waiting fetch, unless the high watermark has moved since it looked.</summary>
    /// <returns>False where it has moved: the fetch must look again.</returns>
    public bool TryWait(FetchWaiter waiter, Offset seenHighWatermark)
    {
        lock (_gate)
        {
            if (HighWatermark != seenHighWatermark)
            {
                return false;
            }

            _waiters.Add(waiter);
            return true;
        }
    }

    /// <summary>Removes a fetch that waits no longer.</summary>
    public void StopWaiting(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    /// <summary>The partition goes away: nobody leads it, and waiting fetches look again and find it gone.</summary>
    public void Close()
    {
        List<FetchWaiter>? wake;
        lock (_gate)
        {
            Volatile.Write(ref _leader, null);
            wake = TakeWaiters();
        }

        wake?.ForEach(w => w.Wake());
    }

    private static void Tell(List<FetchWaiter>? waiters, long bytes) => waiters?.ForEach(w => w.OnCommitted(bytes));

    private async ValueTask<ErrorCode> CommitAsync(ValueTask durable, Offset end, int bytes)
    {
        try
        {
            await durable;
        }
        catch (IOException)
        {
            return ErrorCode.KafkaStorageError;
        }

        List<FetchWaiter>? wake = null;
        lock (_gate)
        {
            if (_leader is { } leader && leader.OnDurable(end))
            {
                Publish(leader);
                wake = TakeWaiters();
            }
        }

        Tell(wake, bytes);
        return ErrorCode.None;
    }

    private void Publish(LeaderReplica leader)
    {
        Log.AdvanceHighWatermark(leader.HighWatermark);
        Volatile.Write(ref _highWatermark, leader.HighWatermark.Value);
    }

    // Waiters stay registered until they leave by themselves: one append may not be enough for them.
    private List<FetchWaiter>? TakeWaiters() => _waiters.Count == 0 ? null : [.. _waiters];
}

/// <summary>What an append came to, and when it may be acknowledged.</summary>
/// <param name="Outcome">Offsets, or the error.</param>
/// <param name="Committed">Completes when the records may be acknowledged; an error here means they may not.</param>
internal readonly record struct PartitionAppend(AppendOutcome Outcome, ValueTask<ErrorCode> Committed)
{
    /// <summary>An append that was refused before it began.</summary>
    public static PartitionAppend Failed(ErrorCode error) =>
        new(AppendOutcome.Failed(error, message: null), default);
}
