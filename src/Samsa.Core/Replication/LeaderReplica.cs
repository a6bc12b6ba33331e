using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Replication;

/// <summary>
/// What a leader knows of its partition's replicas, how far records are committed, and who it wants in sync. A record is
/// committed, and then served to consumers, when every in-sync replica has it, and those too that are about to join — and,
/// where the topic acknowledges only what is on disk (<c>samsa.flush.on.ack</c>), when the leader synced it. With fewer in
/// sync than <c>min.insync.replicas</c> nothing more is committed (KIP-966), so that whoever was in sync before misses nothing.
/// </summary>
public sealed class LeaderReplica
{
    private readonly BrokerId _self;
    private readonly Func<BrokerId, long, bool> _mayBeInSync;
    private readonly Offset _epochStart;
    private FollowerProgress[] _followers = [];
    private InSyncProposal? _proposal;
    private Offset _durableEnd;
    private long _nowMs;
    private bool _waitsForImage;
    private bool _isRecovering;

    /// <summary>Begins to lead.</summary>
    /// <param name="self">This broker.</param>
    /// <param name="image">The partition; this broker leads it.</param>
    /// <param name="settings">The topic's settings.</param>
    /// <param name="logEndOffset">Where the log ends.</param>
    /// <param name="highWatermark">The last high watermark known; it never goes back.</param>
    /// <param name="mayBeInSync">Whether a broker may join, in the incarnation of that epoch (-1 for unknown): registered so, not fenced, not stopping.</param>
    /// <param name="nowMs">The time.</param>
    public LeaderReplica(
        BrokerId self,
        PartitionImage image,
        LeaderSettings settings,
        Offset logEndOffset,
        Offset highWatermark,
        Func<BrokerId, long, bool> mayBeInSync,
        long nowMs)
    {
        Invariant.Holds(highWatermark <= logEndOffset);
        Invariant.Holds(image.Leader == self);
        _self = self;
        _mayBeInSync = mayBeInSync;
        _epochStart = logEndOffset;
        _nowMs = nowMs;
        Epoch = image.LeaderEpoch;
        Settings = settings;
        LogEndOffset = logEndOffset;
        HighWatermark = highWatermark;
        _durableEnd = highWatermark;
        _isRecovering = image.LeaderRecoveryState == LeaderRecoveryState.Recovering;
        Take(image.Replicas, image.InSyncReplicas, image.PartitionEpoch);
    }

    /// <summary>The epoch of this leadership; records taken under it carry it.</summary>
    public LeaderEpoch Epoch { get; }

    /// <summary>The partition epoch of what is known of replicas and in-sync replicas.</summary>
    public int PartitionEpoch { get; private set; }

    /// <summary>The topic's settings; may change at any time.</summary>
    public LeaderSettings Settings { get; set; }

    /// <summary>Where the leader's own log ends.</summary>
    public Offset LogEndOffset { get; private set; }

    /// <summary>Up to here, exclusive, records are committed.</summary>
    public Offset HighWatermark { get; private set; }

    /// <summary>How many replicas the partition has, this one counted.</summary>
    public int ReplicaCount { get; private set; }

    /// <summary>How many of them are in sync, this one counted.</summary>
    public int InSyncCount { get; private set; }

    /// <summary>The other replicas.</summary>
    public IReadOnlyList<FollowerProgress> Followers => _followers;

    /// <summary>How many must be in sync for acks=all. As in Kafka, a minimum above the number of replicas asks for all of them.</summary>
    public int Needed => Math.Min(Settings.MinInSyncReplicas, ReplicaCount);

    /// <summary>Whether acks=all may be accepted, and anything be committed.</summary>
    public bool HasEnoughInSync => InSyncCount >= Needed;

    /// <summary>
    /// Whether the high watermark has reached what the log held when this leadership began: before, it may be behind what
    /// an earlier leader had told (KIP-207).
    /// </summary>
    public bool IsHighWatermarkCurrent => HighWatermark >= _epochStart;

    /// <summary>What is known of a follower; null where it is no replica of the partition.</summary>
    public FollowerProgress? Find(BrokerId follower) => Array.Find(_followers, f => f.Id == follower);

    /// <summary>Before this offset no replica that is alive has any records (KIP-107); none while one of them has not fetched yet.</summary>
    /// <param name="logStart">Where the leader's own log begins.</param>
    /// <param name="isAlive">Whether a broker is: one that is not learns where the log begins when it is back.</param>
    public Offset LowWatermark(Offset logStart, Func<BrokerId, bool> isAlive)
    {
        foreach (var follower in _followers)
        {
            logStart = isAlive(follower.Id) ? Offset.Min(logStart, follower.LogStartOffset) : logStart;
        }

        return logStart;
    }

    /// <summary>The leader's log grew.</summary>
    /// <returns>Whether the high watermark moved.</returns>
    public bool OnAppended(Offset logEndOffset)
    {
        Invariant.Holds(logEndOffset >= LogEndOffset);
        LogEndOffset = logEndOffset;
        return Advance();
    }

    /// <summary>The leader's log was synced.</summary>
    /// <param name="durableEnd">Everything before this offset is on disk.</param>
    /// <returns>Whether the high watermark moved.</returns>
    public bool OnDurable(Offset durableEnd)
    {
        _durableEnd = Offset.Max(_durableEnd, durableEnd);
        return Advance();
    }

    /// <summary>A follower fetched, from an offset that the leader's log has or ends at. It must be a replica.</summary>
    public LeaderNews OnFetch(BrokerId follower, in FollowerFetch fetch, long nowMs)
    {
        Invariant.Holds(fetch.From <= LogEndOffset);
        _nowMs = Math.Max(_nowMs, nowMs);
        if (Find(follower) is not { } progress || (fetch.BrokerEpoch >= 0 && fetch.BrokerEpoch < progress.BrokerEpoch))
        {
            return default;
        }

        progress.OnFetch(fetch, LogEndOffset, _nowMs);
        var proposal = TryAdd(progress);
        return new(Advance(), proposal);
    }

    /// <summary>
    /// Looks for followers that have fallen behind for longer than <c>replica.lag.time.max.ms</c>; to be called about twice
    /// in that time, and when the leadership begins: a leader that was elected uncleanly says that it has recovered (KIP-704),
    /// which it has by leading, for what it lacks is lost.
    /// </summary>
    public LeaderNews Tick(long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        var moved = Advance();
        if (_proposal is not null || !(_isRecovering || Array.Exists(_followers, IsBehind)))
        {
            return new(moved, null);
        }

        return new(moved, Propose(f => f.IsInSync && !IsBehind(f)));
    }

    /// <summary>The controller answered a proposal.</summary>
    /// <returns>The proposal again where it must be sent again, after a pause.</returns>
    public LeaderNews OnAnswer(InSyncProposal proposal, in InSyncAnswer answer)
    {
        if (!ReferenceEquals(proposal, _proposal))
        {
            return default;
        }

        switch (answer.Error)
        {
            case ErrorCode.None when answer.LeaderEpoch == Epoch:
                if (answer.PartitionEpoch >= PartitionEpoch)
                {
                    _isRecovering = false;
                    Settle(answer.InSync, answer.PartitionEpoch);
                }

                return new(Advance(), null);
            case ErrorCode.OperationNotAttempted or ErrorCode.IneligibleReplica:
                // Nothing was changed, and nothing will be.
                Withdraw();
                return new(Advance(), null);
            case ErrorCode.None
                or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.UnknownTopicId
                or ErrorCode.FencedLeaderEpoch
                or ErrorCode.NewLeaderElected
                or ErrorCode.InvalidUpdateVersion
                or ErrorCode.InvalidRequest:
                // The metadata is ahead of this leader and will tell; until then a follower that may have joined counts.
                _waitsForImage = true;
                return default;
            default:
                return new(HighWatermarkMoved: false, proposal);
        }
    }

    /// <summary>The metadata log says something new of the partition, in the same leader epoch.</summary>
    /// <returns>Whether the high watermark moved.</returns>
    public bool OnImage(PartitionImage image)
    {
        Invariant.Holds(image.LeaderEpoch == Epoch && image.Leader == _self);
        if (image.PartitionEpoch > PartitionEpoch || (_waitsForImage && image.PartitionEpoch == PartitionEpoch))
        {
            Withdraw();
            _isRecovering = image.LeaderRecoveryState == LeaderRecoveryState.Recovering;
            Take(image.Replicas, image.InSyncReplicas, image.PartitionEpoch);
        }

        return Advance();
    }

    // A replica joins only where it lacks nothing that is committed, nor anything of what the leader held when it was
    // elected: that may be committed without the leader knowing.
    private InSyncProposal? TryAdd(FollowerProgress progress) =>
        !progress.IsInSync
        && _proposal is null
        && progress.LogEndOffset >= HighWatermark
        && progress.LogEndOffset >= _epochStart
        && _mayBeInSync(progress.Id, progress.BrokerEpoch)
            ? Propose(f => f.IsInSync || f == progress)
            : null;

    private bool IsBehind(FollowerProgress follower) =>
        follower.IsInSync && !follower.IsCaughtUp(LogEndOffset, Settings.MaxLagMs, _nowMs);

    private InSyncProposal Propose(Predicate<FollowerProgress> isInSync)
    {
        var inSync = new List<(BrokerId, long)> { (_self, -1) };
        foreach (var follower in _followers)
        {
            if (isInSync(follower))
            {
                // Counts from now on, since the controller may take it in long before its answer is here.
                follower.IsJoining = !follower.IsInSync;
                inSync.Add((follower.Id, follower.BrokerEpoch));
            }
        }

        return _proposal = new InSyncProposal(Epoch, PartitionEpoch, inSync);
    }

    private void Withdraw()
    {
        _proposal = null;
        _waitsForImage = false;
        foreach (var follower in _followers)
        {
            follower.IsJoining = false;
        }
    }

    private void Settle(BrokerId[] inSync, int partitionEpoch)
    {
        Withdraw();
        PartitionEpoch = partitionEpoch;
        InSyncCount = 1;
        foreach (var follower in _followers)
        {
            follower.IsInSync = inSync.AsSpan().Contains(follower.Id);
            InSyncCount += follower.IsInSync ? 1 : 0;
        }
    }

    private void Take(BrokerId[] replicas, BrokerId[] inSync, int partitionEpoch)
    {
        var followers = new List<FollowerProgress>(replicas.Length);
        foreach (var replica in replicas)
        {
            if (replica != _self)
            {
                // Who is in sync gets the whole time to show it.
                followers.Add(Find(replica) ?? new FollowerProgress(replica)
                {
                    LastCaughtUpMs = inSync.AsSpan().Contains(replica) ? _nowMs : long.MinValue,
                });
            }
        }

        _followers = [.. followers];
        ReplicaCount = followers.Count + 1;
        Settle(inSync, partitionEpoch);
    }

    private bool Advance()
    {
        var to = Settings.WaitsForDisk ? Offset.Min(LogEndOffset, _durableEnd) : LogEndOffset;
        if (to <= HighWatermark || !HasEnoughInSync)
        {
            return false;
        }

        foreach (var follower in _followers)
        {
            if (follower.IsInSync || follower.IsJoining || IsAboutToJoin(follower))
            {
                to = Offset.Min(to, follower.LogEndOffset);
            }
        }

        if (to <= HighWatermark)
        {
            return false;
        }

        HighWatermark = to;
        return true;
    }

    // Were the high watermark not to wait for it, a follower could run after it for ever.
    private bool IsAboutToJoin(FollowerProgress follower) =>
        follower.LogEndOffset >= HighWatermark
        && follower.IsCaughtUp(LogEndOffset, Settings.MaxLagMs, _nowMs)
        && _mayBeInSync(follower.Id, follower.BrokerEpoch);
}

/// <summary>What a leader is told of its topic.</summary>
/// <param name="MinInSyncReplicas"><c>min.insync.replicas</c>.</param>
/// <param name="WaitsForDisk">Whether only synced records count as committed (<c>samsa.flush.on.ack</c>).</param>
/// <param name="MaxLagMs"><c>replica.lag.time.max.ms</c>.</param>
public sealed record LeaderSettings(int MinInSyncReplicas, bool WaitsForDisk, long MaxLagMs);
