using Samsa.Model;

namespace Samsa.Core.Replication;

/// <summary>
/// What a leader knows of its partition's replicas, and how far records are committed. A record is committed, and then
/// served to consumers, when every in-sync replica has it — and, where the topic acknowledges only what is on disk
/// (<c>samsa.flush.on.ack</c>), when it was synced.
/// </summary>
public sealed class LeaderReplica
{
    private Offset _durableEnd;

    /// <summary>Begins to lead.</summary>
    /// <param name="epoch">The epoch of this leadership.</param>
    /// <param name="logEndOffset">Where the log ends.</param>
    /// <param name="highWatermark">The last high watermark known; it never goes back.</param>
    /// <param name="replicaCount">How many replicas the partition has, this one counted.</param>
    /// <param name="waitsForDisk">Whether only synced records count as committed.</param>
    public LeaderReplica(LeaderEpoch epoch, Offset logEndOffset, Offset highWatermark, int replicaCount, bool waitsForDisk)
    {
        Invariant.Holds(highWatermark <= logEndOffset);
        Invariant.Holds(replicaCount >= 1);
        Epoch = epoch;
        LogEndOffset = logEndOffset;
        HighWatermark = highWatermark;
        ReplicaCount = replicaCount;
        WaitsForDisk = waitsForDisk;
        _durableEnd = highWatermark;
        InSyncCount = 1;
    }

    /// <summary>The epoch of this leadership; records taken under it carry it.</summary>
    public LeaderEpoch Epoch { get; }

    /// <summary>Where the leader's own log ends.</summary>
    public Offset LogEndOffset { get; private set; }

    /// <summary>Up to here, exclusive, records are committed.</summary>
    public Offset HighWatermark { get; private set; }

    /// <summary>How many replicas the partition has.</summary>
    public int ReplicaCount { get; }

    /// <summary>How many of them are in sync, this one counted.</summary>
    public int InSyncCount { get; }

    /// <summary>Whether only synced records count as committed.</summary>
    public bool WaitsForDisk { get; set; }

    /// <summary>
    /// Whether acks=all may be accepted. As in Kafka, a minimum above the number of replicas asks for all of them.
    /// </summary>
    /// <param name="minInSyncReplicas"><c>min.insync.replicas</c>.</param>
    public bool MayAcknowledgeAll(int minInSyncReplicas) => InSyncCount >= Math.Min(minInSyncReplicas, ReplicaCount);

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

    private bool Advance()
    {
        var to = WaitsForDisk ? Offset.Min(LogEndOffset, _durableEnd) : LogEndOffset;
        if (to <= HighWatermark)
        {
            return false;
        }

        HighWatermark = to;
        return true;
    }
}
