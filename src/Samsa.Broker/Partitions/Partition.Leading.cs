using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Partitions;

/// <content>What it does as the leader.</content>
internal sealed partial class Partition
{
    /// <summary>Appends what a producer sent.</summary>
    /// <param name="records">The batches; base offset, epoch and append time are patched into them.</param>
    /// <param name="needsAll">Whether the producer waits for all in-sync replicas.</param>
    /// <param name="origin">Who appends.</param>
    /// <param name="timeout">How long to wait for the replicas.</param>
    /// <param name="cancellationToken">Ends waiting, not the append.</param>
    public PartitionAppend Append(Memory<byte> records, bool needsAll, AppendOrigin origin, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (IsOffline)
        {
            return PartitionAppend.Failed(ErrorCode.KafkaStorageError);
        }

        var wakes = default(Wakes);
        CommitWait? wait = null;
        AppendOutcome outcome;
        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return PartitionAppend.Failed(ErrorCode.NotLeaderOrFollower);
            }

            if (needsAll && !leader.HasEnoughInSync)
            {
                return PartitionAppend.Failed(ErrorCode.NotEnoughReplicas);
            }

            outcome = Log.AppendAsLeader(records, leader.Epoch, origin);
            if (outcome.Error == ErrorCode.None)
            {
                if (!outcome.IsDuplicate)
                {
                    _waits.OnAppended(records.Length, ref wakes);
                    AfterMove(leader, leader.OnAppended(Log.LogEndOffset), ref wakes);
                }

                wait = needsAll && !Log.Config.FlushOnAck ? WaitFor(leader, outcome.LastOffset + 1, timeout) : null;
            }
        }

        wakes.Run();
        if (outcome.Error != ErrorCode.None)
        {
            return new PartitionAppend(outcome, default);
        }

        if (!outcome.IsDuplicate)
        {
            Traffic.Appended(records.Length, (int)(outcome.LastOffset - outcome.FirstOffset) + 1);
        }

        // A sync that the topic asks for (samsa.flush.on.ack, flush.messages) is shared with everybody who waits for one.
        var durable = _services.Store.CommitAsync(Log, outcome.LastOffset + 1, cancellationToken);
        return !durable.IsCompletedSuccessfully || Log.Config.FlushOnAck
            ? new PartitionAppend(outcome, CommitAsync(durable, outcome.LastOffset + 1, needsAll, timeout, wait))
            : new PartitionAppend(outcome, wait is null ? default : new ValueTask<ErrorCode>(wait.Completion));
    }

    /// <summary>A follower fetched, and so told how far it is.</summary>
    /// <returns>An error where it is no replica of a partition led here.</returns>
    public ErrorCode OnFollowerFetch(BrokerId follower, in FollowerFetch fetch)
    {
        var wakes = default(Wakes);
        InSyncProposal? proposal;
        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return ErrorCode.NotLeaderOrFollower;
            }

            if (leader.Find(follower) is null)
            {
                // It heard of its assignment before this broker did, or does not know yet that it was taken from it.
                return ErrorCode.NotLeaderOrFollower;
            }

            var news = leader.OnFetch(follower, fetch, _services.NowMs);
            proposal = news.Proposal;
            AfterMove(leader, news.HighWatermarkMoved, ref wakes);
            AfterLowWatermark(leader, ref wakes);
        }

        wakes.Run();
        Propose(proposal);
        return ErrorCode.None;
    }

    /// <summary>Looks for followers that lag (see <see cref="LeaderReplica.Tick"/>), and for records that no append will have synced.</summary>
    public void CheckFollowers()
    {
        var wakes = default(Wakes);
        InSyncProposal? proposal;
        lock (_gate)
        {
            if (_leader is not { } leader || IsOffline)
            {
                return;
            }

            var news = leader.Tick(_services.NowMs);
            proposal = news.Proposal;
            AfterMove(leader, news.HighWatermarkMoved, ref wakes);
            AfterLowWatermark(leader, ref wakes);
        }

        wakes.Run();
        Propose(proposal);
        SyncTheRest();
    }

    /// <summary>The controller answered.</summary>
    /// <returns>A proposal that must be sent again.</returns>
    public InSyncProposal? OnInSyncAnswer(InSyncProposal proposal, in InSyncAnswer answer)
    {
        var wakes = default(Wakes);
        LeaderNews news;
        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return null;
            }

            var before = leader.InSyncCount;
            news = leader.OnAnswer(proposal, answer);
            AfterChange(leader, before, news.HighWatermarkMoved, ref wakes);
        }

        wakes.Run();
        return news.Proposal;
    }

    private InSyncProposal? Lead(PartitionLog log, PartitionImage image, ref Wakes wakes)
    {
        var leader = new LeaderReplica(
            _services.Self, image, _services.SettingsOf(log.Config), log.LogEndOffset, log.HighWatermark, _services.MayBeInSync, _services.NowMs);
        if (log.HighWatermark < log.LogEndOffset)
        {
            _waits.AssumeUncommitted();
        }

        // What a crash or replication left in the log without a sync is committed only after one, where the topic wants that.
        var moved = leader.OnDurable(log.RecoveryPoint);
        log.AssignEpoch(image.LeaderEpoch);
        Volatile.Write(ref _follower, null);
        Volatile.Write(ref _leader, leader);
        AfterMove(leader, moved || leader.OnAppended(log.LogEndOffset), ref wakes);
        AfterLowWatermark(leader, ref wakes);
        if (leader.ReplicaCount > 1)
        {
            ReplicationLog.Leads(_services.Logger, Name, leader.Epoch, leader.LogEndOffset);
        }

        return leader.Tick(_services.NowMs).Proposal;
    }

    private void AfterMove(LeaderReplica leader, bool moved, ref Wakes wakes)
    {
        if (moved)
        {
            Log.AdvanceHighWatermark(leader.HighWatermark);
            Publish(leader.HighWatermark);
            _waits.OnCommitted(leader.HighWatermark, ref wakes);
        }
    }

    private void AfterChange(LeaderReplica leader, int inSyncBefore, bool moved, ref Wakes wakes)
    {
        AfterMove(leader, moved, ref wakes);
        if (leader.InSyncCount == inSyncBefore)
        {
            return;
        }

        _services.Counts.InSyncChanged(inSyncBefore, leader.InSyncCount);
        ReplicationLog.InSyncChanged(_services.Logger, Name, leader.InSyncCount, leader.ReplicaCount, leader.PartitionEpoch);
        if (!leader.HasEnoughInSync && wakes.Commits is null)
        {
            _waits.Fail(ErrorCode.NotEnoughReplicasAfterAppend, ref wakes);
        }
    }

    private CommitWait? WaitFor(LeaderReplica leader, Offset end, TimeSpan timeout)
    {
        if (leader.HighWatermark >= end)
        {
            return null;
        }

        var wait = new CommitWait(end, timeout, _services.Time);
        _waits.Add(wait);
        return wait;
    }

    private void Propose(InSyncProposal? proposal)
    {
        if (proposal is not null)
        {
            _services.Changes.Propose(this, proposal);
        }
    }

    // What a crash or replication left in the log unsynced, or a full disk would not sync, is committed only after a sync, where the topic wants that.
    private void SyncTheRest()
    {
        if (Log.Config.FlushOnAck && Log.RecoveryPoint < Log.LogEndOffset)
        {
            _ = SyncTheRestAsync(Log.LogEndOffset);
        }
    }

    // It answers for itself: a sync that fails tells so, and is tried again with the next look at the followers.
    private async Task SyncTheRestAsync(Offset end) =>
        await CommitAsync(_services.Store.CommitAsync(Log, end, CancellationToken.None), end, needsAll: false, TimeSpan.Zero, wait: null);

    private async ValueTask<ErrorCode> CommitAsync(ValueTask durable, Offset end, bool needsAll, TimeSpan timeout, CommitWait? wait)
    {
        try
        {
            await durable;
        }
        catch (IOException)
        {
            return ErrorCode.KafkaStorageError;
        }

        var wakes = default(Wakes);
        lock (_gate)
        {
            if (_leader is not { } leader)
            {
                return needsAll ? ErrorCode.NotLeaderOrFollower : ErrorCode.None;
            }

            AfterMove(leader, leader.OnDurable(end), ref wakes);
            wait ??= needsAll ? WaitFor(leader, end, timeout) : null;
        }

        wakes.Run();
        return wait is null ? ErrorCode.None : await wait.Completion;
    }
}
