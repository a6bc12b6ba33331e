using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Fetching;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Quotas;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Fetchers;

/// <summary>All that a broker has for replication: what its partitions stand on, its fetchers, and the look for followers that lag.</summary>
internal sealed class BrokerReplication : IAsyncDisposable
{
    private readonly PartitionRegistry _partitions;
    private ITimer? _followerCheck;

    /// <summary>Puts it together; nothing runs yet.</summary>
    public BrokerReplication(ClusterNode node, LogStore store, PartitionRegistry partitions, Func<long> brokerEpoch)
    {
        _partitions = partitions;
        var options = node.Options;
        var (config, time) = (options.Config.AtStart, options.Time);
        var logger = options.Loggers.CreateLogger<BrokerReplication>();
        Services = new ReplicaServices
        {
            Self = config.NodeId,
            Store = store,
            Metadata = options.Metadata,
            Time = time,
            MaxLagMs = config.Get(ReplicationConfigs.ReplicaLagTimeMaxMs),
            Logger = logger,
            Changes = new InSyncChanges(node.Channel, config.NodeId, brokerEpoch, time, logger),
        };
        Locations = new ReplicaLocations(node.Channel, Services, partitions, brokerEpoch);
        Fetchers = new ReplicaFetchers(
            node.Peers,
            Services,
            ReplicaFetcherSettings.From(config, brokerEpoch),
            new ReplicationThrottle(
                options.Config, QuotaConfigs.FollowerReplicationThrottledRate, TopicConfigs.FollowerReplicationThrottledReplicas, time));
        Reads = new ReplicaReads(
            config.NodeId,
            options.Metadata,
            new ReplicationThrottle(options.Config, QuotaConfigs.LeaderReplicationThrottledRate, TopicConfigs.LeaderReplicationThrottledReplicas, time),
            Services.Counts,
            isRackAware: config.Get(ReplicationConfigs.ReplicaSelectorClass) == ReplicaReads.RackAwareSelector);
    }

    /// <summary>What partitions stand on.</summary>
    public ReplicaServices Services { get; }

    /// <summary>The fetchers.</summary>
    public ReplicaFetchers Fetchers { get; }

    /// <summary>Tells the controller where replicas lie.</summary>
    public ReplicaLocations Locations { get; }

    /// <summary>What fetches have to do with replicas.</summary>
    public ReplicaReads Reads { get; }

    /// <summary>Begins to look for followers that lag.</summary>
    public void Start()
    {
        var interval = TimeSpan.FromMilliseconds(Math.Max(1, Services.MaxLagMs / 2));
        _followerCheck = Services.Time.CreateTimer(
            static self => ((BrokerReplication)self!).CheckFollowers(), this, interval, interval);
    }

    /// <summary>Counts partitions, for metrics.</summary>
    public PartitionCounts Count()
    {
        var counts = default(PartitionCounts);
        foreach (var partition in _partitions.All)
        {
            var (inSync, replicas, needed) = partition.Look(static l => (l.InSyncCount, l.ReplicaCount, l.Needed));
            counts = new PartitionCounts(
                counts.Hosted + 1,
                counts.Led + (replicas > 0 ? 1 : 0),
                counts.Offline + (partition.IsOffline ? 1 : 0),
                counts.UnderReplicated + (inSync < replicas ? 1 : 0),
                counts.UnderMinIsr + (inSync < needed ? 1 : 0),
                counts.AtMinIsr + (replicas > 0 && inSync == needed ? 1 : 0));
        }

        return counts;
    }

    /// <summary>What was done since the start, for metrics.</summary>
    public ReplicationReading Read() => new(Services.Counts.Shrinks, Services.Counts.Expands, Services.Counts.BytesIn, Services.Counts.BytesOut);

    /// <summary>How many records each partition that follows lacks of what is committed, for metrics.</summary>
    public IEnumerable<(TopicPartition Partition, long Records)> Lags()
    {
        foreach (var partition in _partitions.All)
        {
            if (partition.Follower is { LeaderHighWatermark.IsPosition: true } follower && partition.TryFetchPosition(out var log))
            {
                yield return (partition.Name, Math.Max(0, follower.LeaderHighWatermark - log.End));
            }
        }
    }

    /// <summary>Ends fetching, before the logs are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _followerCheck?.Dispose();
        Services.Changes.Dispose();
        Locations.Dispose();
        await Fetchers.DisposeAsync();
    }

    private void CheckFollowers()
    {
        foreach (var partition in _partitions.All)
        {
            partition.CheckFollowers();
        }
    }
}
