using System.Runtime.InteropServices;
using Samsa.Broker.Partitions;
using Samsa.Broker.Peers;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Fetchers;

/// <summary>
/// The fetchers of a broker: for each leader as many as <c>num.replica.fetchers</c> says, and apart from them those for
/// topics that are synced before a fetch acknowledges them, so that a slow disk holds back nobody else. They come with the
/// first partition that follows a leader and go with the last.
/// </summary>
internal sealed class ReplicaFetchers(
    IPeerNetwork network, ReplicaServices services, ReplicaFetcherSettings settings, ReplicationThrottle throttle) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Lane, ReplicaFetcher> _fetchers = [];
    private readonly Dictionary<TopicPartition, Lane> _lanes = [];
    private readonly List<Task> _ending = [];
    private bool _disposed;

    /// <summary>How many fetchers there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _fetchers.Count;
            }
        }
    }

    /// <summary>A partition follows a leader, or nobody, from now on.</summary>
    public void Follow(Partition partition)
    {
        lock (_gate)
        {
            LeaveLane(partition);
            if (_disposed || partition.Follower is not { } role || partition.IsOffline
                || services.Metadata.Image.Brokers.GetValueOrDefault(role.Leader)?.EndpointOf(settings.Listener) is not { } endpoint)
            {
                // A leader that nobody knows yet: its registration will tell.
                return;
            }

            var lane = LaneOf(partition, role.Leader);
            ref var fetcher = ref CollectionsMarshal.GetValueRefOrAddDefault(_fetchers, lane, out _);
            fetcher ??= new ReplicaFetcher(
                role.Leader, network.Open(new PeerAddress(endpoint.Host, endpoint.Port)), services, settings, throttle);
            _lanes[partition.Name] = lane;
            fetcher.Add(partition, role);
        }
    }

    /// <summary>A partition is led here, or gone.</summary>
    public void Leave(Partition partition)
    {
        lock (_gate)
        {
            LeaveLane(partition);
        }
    }

    /// <summary>A topic's settings changed: another lane may be the right one.</summary>
    public void OnConfigured(Partition partition)
    {
        lock (_gate)
        {
            if (_lanes.TryGetValue(partition.Name, out var lane) && partition.Follower is { } role && LaneOf(partition, role.Leader) != lane)
            {
                Follow(partition);
            }
        }
    }

    /// <summary>Brokers came, went or moved: their followers connect to where they are now.</summary>
    /// <param name="image">The metadata.</param>
    /// <param name="followers">All partitions that are no leaders here.</param>
    public void OnBrokersChanged(MetadataImage image, IEnumerable<Partition> followers)
    {
        lock (_gate)
        {
            foreach (var partition in followers)
            {
                if (partition.Follower is { } role
                    && image.Brokers.GetValueOrDefault(role.Leader)?.EndpointOf(settings.Listener) is { } endpoint
                    && (!_lanes.TryGetValue(partition.Name, out var lane) || _fetchers[lane].Address != new PeerAddress(endpoint.Host, endpoint.Port)))
                {
                    Restart(partition);
                }
            }
        }
    }

    /// <summary>Ends all fetchers and waits until they have.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _disposed = true;
            _ending.AddRange(_fetchers.Values.Select(f => f.DisposeAsync().AsTask()));
            _fetchers.Clear();
            _lanes.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
    }

    private Lane LaneOf(Partition partition, BrokerId leader)
    {
        var config = partition.Log.Config;
        return new Lane(leader, (int)((uint)partition.Name.GetHashCode() % (uint)settings.FetchersPerLeader), config.FlushOnAck || config.FlushMessages < long.MaxValue);
    }

    private void Restart(Partition partition)
    {
        // All that share the connection move: the first one finds the old fetcher still at the old address.
        if (_lanes.TryGetValue(partition.Name, out var lane) && _fetchers.Remove(lane, out var old))
        {
            foreach (var moved in old.Partitions)
            {
                _lanes.Remove(moved.Name);
            }

            End(old);
            foreach (var moved in old.Partitions)
            {
                Follow(moved);
            }
        }
        else
        {
            Follow(partition);
        }
    }

    private void LeaveLane(Partition partition)
    {
        if (_lanes.Remove(partition.Name, out var lane) && _fetchers[lane].Remove(partition))
        {
            _fetchers.Remove(lane, out var fetcher);
            End(fetcher!);
        }
    }

    private void End(ReplicaFetcher fetcher)
    {
        _ending.RemoveAll(t => t.IsCompleted);
        _ending.Add(fetcher.DisposeAsync().AsTask());
    }

    /// <summary>Which fetcher a partition belongs to.</summary>
    private readonly record struct Lane(BrokerId Leader, int Index, bool IsSynced);
}
