using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Broker.Fetching;

/// <summary>What fetches have to do with replicas: followers are throttled and counted, consumers sent to one that is near.</summary>
/// <param name="self">This broker.</param>
/// <param name="metadata">The metadata.</param>
/// <param name="throttle">The limit of what followers get (<c>leader.replication.throttled.rate</c>).</param>
/// <param name="counts">What replication did.</param>
/// <param name="isRackAware">Whether consumers are sent to a replica in their rack (<c>replica.selector.class</c>).</param>
internal sealed class ReplicaReads(BrokerId self, MetadataState metadata, ReplicationThrottle throttle, ReplicationCounts counts, bool isRackAware)
{
    /// <summary>Kafka's name of the selector that looks at racks, the only one there is.</summary>
    public const string RackAwareSelector = "org.apache.kafka.common.replica.RackAwareReplicaSelector";

    /// <summary>Whether consumers read from followers, so that these hear of every move of the high watermark at once.</summary>
    public bool IsRackAware => isRackAware;

    /// <summary>Whether a follower gets nothing of a partition now. One that is in sync is never held back.</summary>
    public bool IsHeldBack(Partition partition, BrokerId follower) => throttle.IsExceeded && IsThrottled(partition, follower);

    /// <summary>A follower gets records.</summary>
    public void Sent(Partition partition, BrokerId follower, int bytes)
    {
        counts.Sent(bytes);
        if (throttle.IsLimited && IsThrottled(partition, follower))
        {
            throttle.Record(bytes);
        }
    }

    /// <summary>The replica that a consumer had better read from; null where that is this one (KIP-392).</summary>
    public BrokerId? Preferred(Partition partition, Offset from, FetchCaller caller)
    {
        if (!isRackAware || caller.IsFollower || caller.Rack.Length == 0 || !partition.IsLed)
        {
            return null;
        }

        var brokers = metadata.Image.Brokers;
        return RackOf(self) == caller.Rack ? null : partition.Look(Nearest);

        string? RackOf(BrokerId broker) => brokers.GetValueOrDefault(broker) is { IsActive: true } known ? known.Rack : null;

        BrokerId? Nearest(LeaderReplica leader)
        {
            FollowerProgress? best = null;
            foreach (var follower in leader.Followers)
            {
                if (follower.IsInSync
                    && follower.LogEndOffset >= from
                    && follower.LogStartOffset <= from
                    && RackOf(follower.Id) == caller.Rack
                    && (best is null || follower.LogEndOffset > best.LogEndOffset))
                {
                    best = follower;
                }
            }

            return best?.Id;
        }
    }

    // The setting of the leader's side names leaders: PARTITION:BROKER of this one, whoever fetches.
    private bool IsThrottled(Partition partition, BrokerId follower) =>
        throttle.Covers(partition.Name, self) && partition.Look(l => l.Find(follower)?.IsInSync == false);
}
