using Samsa.Broker.Metrics;
using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Partitions;

/// <summary>
/// One partition this broker holds: its log, its role — what <see cref="LeaderReplica"/> or <see cref="FollowerReplica"/>
/// decides about it — and the requests that wait for it. One writer at a time; readers take no lock.
/// </summary>
internal sealed partial class Partition
{
    private readonly Lock _gate = new();
    private readonly PartitionLog? _log;
    private readonly ReplicaServices _services;
    private readonly PartitionWaits _waits = new();
    private LeaderReplica? _leader;
    private FollowerReplica? _follower;
    private long _highWatermark;

    /// <summary>A partition with its log, or without one where the log could not be opened.</summary>
    public Partition(TopicPartition name, TopicId topicId, PartitionLog? log, ReplicaServices services, PartitionTraffic traffic)
    {
        Traffic = traffic;
        Name = name;
        TopicId = topicId;
        _log = log;
        _services = services;
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

    /// <summary>Whom this broker follows, and in which epoch; null where it leads, or nobody told yet.</summary>
    public FollowerReplica? Follower => Volatile.Read(ref _follower);

    /// <summary>The log; throws for a partition that is offline, so ask <see cref="IsOffline"/> first.</summary>
    public PartitionLog Log => _log ?? throw new InvalidOperationException($"{Name} is offline");

    /// <summary>Whether reads and writes are impossible because of its disk.</summary>
    public bool IsOffline => _log is null || _log.IsOffline;

    /// <summary>The epoch of the present leadership of this broker; none where it does not lead.</summary>
    public LeaderEpoch LeaderEpoch => Volatile.Read(ref _leader)?.Epoch ?? LeaderEpoch.None;

    /// <summary>Up to here, exclusive, consumers may read.</summary>
    public Offset HighWatermark => new(Volatile.Read(ref _highWatermark));

    /// <summary>Up to here, exclusive, consumers that want only committed transactions may read (KIP-98).</summary>
    public Offset LastStableOffset => Offset.Min(HighWatermark, Log.LastStableOffset);

    /// <summary>Takes over leadership, or goes on with it, as the metadata log says.</summary>
    /// <returns>Whether a new leader epoch begins.</returns>
    public bool BecomeLeader(PartitionImage image)
    {
        if (IsOffline)
        {
            return false;
        }

        var wakes = default(Wakes);
        bool isNew;
        InSyncProposal? proposal = null;
        lock (_gate)
        {
            if (_leader is { } present && present.Epoch >= image.LeaderEpoch)
            {
                isNew = false;
                if (present.Epoch == image.LeaderEpoch)
                {
                    var before = present.InSyncCount;
                    AfterChange(present, before, present.OnImage(image), ref wakes);
                    AfterLowWatermark(present, ref wakes);
                }
            }
            else
            {
                isNew = true;
                proposal = Lead(Log, image, ref wakes);
            }
        }

        wakes.Run();
        Propose(proposal);
        if (isNew)
        {
            SyncTheRest();
        }

        return isNew;
    }

    /// <summary>Follows a leader, or nobody, as the metadata log says.</summary>
    /// <returns>Whether leader or epoch are new.</returns>
    public bool BecomeFollower(PartitionImage image)
    {
        var wakes = default(Wakes);
        lock (_gate)
        {
            if (_follower is { } present && present.Epoch == image.LeaderEpoch && present.Leader == image.Leader)
            {
                return false;
            }

            Volatile.Write(ref _leader, null);
            Volatile.Write(ref _follower, new FollowerReplica(image.Leader, image.LeaderEpoch));
            if (_log is { IsOffline: false })
            {
                // Also where it cuts nothing: an epoch in which this broker led and took no record is no part of the log.
                Cut(_log, FollowerReplica.Begin(LogOf(_log)));
                ReplicationLog.Follows(_services.Logger, Name, image.Leader, image.LeaderEpoch, _log.LogEndOffset);
            }

            _waits.End(ref wakes);
        }

        wakes.Run();
        return true;
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
                leader.Settings = _services.SettingsOf(config);
            }
        }
    }

    /// <summary>Checks the epoch that somebody believes in (KIP-320).</summary>
    /// <param name="believed">The epoch; none to check nothing but the role.</param>
    /// <param name="mayFollow">Whether a follower will do (KIP-392).</param>
    public ErrorCode CheckEpoch(LeaderEpoch believed, bool mayFollow = false)
    {
        var epoch = LeaderEpoch;
        epoch = !epoch.IsKnown && mayFollow && Follower is { } follower ? follower.Epoch : epoch;
        return !epoch.IsKnown ? ErrorCode.NotLeaderOrFollower
            : !believed.IsKnown || believed == epoch ? ErrorCode.None
            : believed < epoch ? ErrorCode.FencedLeaderEpoch
            : ErrorCode.UnknownLeaderEpoch;
    }

    /// <summary>Adds a waiting fetch of a consumer, unless the high watermark has moved since it looked.</summary>
    /// <returns>False where it has moved: the fetch must look again.</returns>
    public bool TryWait(FetchWaiter waiter, Offset seenHighWatermark)
    {
        lock (_gate)
        {
            if (HighWatermark != seenHighWatermark)
            {
                return false;
            }

            _waits.AddConsumer(waiter);
            return true;
        }
    }

    /// <summary>Adds a waiting fetch of a follower, unless the log has grown since it looked.</summary>
    /// <param name="waiter">The fetch.</param>
    /// <param name="seenEnd">Where the log ended.</param>
    /// <param name="seenHighWatermark">The high watermark, where moves of it are waited for, too; else none.</param>
    /// <returns>False where there are news: the fetch must look again.</returns>
    public bool TryWaitForAppend(FetchWaiter waiter, Offset seenEnd, Offset seenHighWatermark)
    {
        lock (_gate)
        {
            if (_leader is null || IsOffline || Log.LogEndOffset != seenEnd
                || (seenHighWatermark.IsPosition && HighWatermark != seenHighWatermark))
            {
                return false;
            }

            _waits.AddFollower(waiter, wantsCommits: seenHighWatermark.IsPosition);
            return true;
        }
    }

    /// <summary>Removes a fetch that waits no longer.</summary>
    public void StopWaiting(FetchWaiter waiter)
    {
        lock (_gate)
        {
            _waits.Remove(waiter);
        }
    }

    /// <summary>Looks at what is known of its replicas; the default where this broker does not lead.</summary>
    public T? Look<T>(Func<LeaderReplica, T> look)
    {
        lock (_gate)
        {
            return _leader is null ? default : look(_leader);
        }
    }

    /// <summary>The partition goes away: nobody leads it, and who waits looks again and finds it gone.</summary>
    public void Close()
    {
        var wakes = default(Wakes);
        lock (_gate)
        {
            Volatile.Write(ref _leader, null);
            Volatile.Write(ref _follower, null);
            _waits.End(ref wakes);
        }

        wakes.Run();
    }

    private void Publish(Offset highWatermark) => Volatile.Write(ref _highWatermark, highWatermark.Value);
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
