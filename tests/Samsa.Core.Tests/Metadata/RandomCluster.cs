using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

/// <summary>
/// Brokers that live, die and stop at random under a controller, and a model of what their logs hold: a number of
/// records, each committed when the whole ISR has it and the ISR is large enough.
/// </summary>
internal sealed class RandomCluster(int seed)
{
    private const int Brokers = 5;
    private static readonly string[] s_topics = ["a", "b", "u"];

    private readonly Random _random = new(seed);
    private readonly HashSet<int> _alive = [];
    private readonly Dictionary<int, long> _stoppedCleanly = [];
    private readonly Dictionary<(TopicId, int), int> _committed = [];
    private readonly Dictionary<(TopicId, int, BrokerId), int> _held = [];

    public ControlledCluster Cluster { get; } = new();

    public void Step()
    {
        var before = Cluster.Image;
        var mayBeUnclean = false;
        switch (_random.Next(16))
        {
            case 0 or 1 or 2:
                Produce();
                break;
            case 3:
                Kill();
                break;
            case 4 or 5:
                StartOne();
                break;
            case 6:
                Stop();
                break;
            case 7:
                Cluster.Pass(_random.Next(1, 6000), [.. _alive]);
                break;
            case 8 or 9:
                foreach (var id in _alive)
                {
                    Cluster.Beat(id);
                }

                break;
            case 10 or 11:
                Alter();
                break;
            case 12:
                Cluster.Reassign(Topic(), _random.Next(3), _random.Next(4) == 0 ? null : [.. Enumerable.Range(1, Brokers).OrderBy(_ => _random.Next()).Take(_random.Next(1, 4))]);
                break;
            case 13:
                mayBeUnclean = _random.Next(4) == 0;
                Cluster.Elect((sbyte)(mayBeUnclean ? 1 : 0), Topic(), _random.Next(3));
                break;
            case 14:
                Cluster.BecomeActive();
                break;
            default:
                Rare();
                break;
        }

        Check(before, mayBeUnclean);
    }

    private string Topic() => s_topics[_random.Next(s_topics.Length)];

    private void Rare()
    {
        var topic = Topic();
        var dead = Cluster.Image.Brokers.Values.Where(b => !_alive.Contains(b.Id.Value) && b.Fenced).Select(b => b.Id.Value).ToArray();
        if (Cluster.Image.TopicByName(topic) is null)
        {
            if (Cluster.Image.Brokers.Values.Any(b => b.IsActive))
            {
                Cluster.Create(topic, 3, (short)_random.Next(1, Math.Min(3, new ReplicaPlacement(Cluster.Image).UsableBrokers) + 1), unclean: topic == "u");
            }
        }
        else if (_random.Next(6) == 0)
        {
            Cluster.Delete(topic);
        }
        else if (_random.Next(3) == 0 && dead.Length > 0)
        {
            Cluster.Unregister(dead[0]);
        }
        else if (_alive.Count > 0)
        {
            var id = _alive.ElementAt(_random.Next(_alive.Count));
            var at = _random.Next(2) + 1;
            Cluster.Beat(id, wantFence: _random.Next(3) == 0, offline: _random.Next(3) == 0 ? [ControlledCluster.Directory(id, at)] : []);
        }
    }

    private void Produce()
    {
        foreach (var topic in Cluster.Image.Topics.Values)
        {
            foreach (var p in topic.Partitions)
            {
                var min = Math.Min(Cluster.Rules.TopicRulesOf(Cluster.Image, topic.Name).MinInSyncReplicas, p.Replicas.Length);
                if (p.Leader != BrokerId.None && p.InSyncReplicas.Length >= min && p.InSyncReplicas.All(b => _alive.Contains(b.Value)))
                {
                    var committed = _committed[(topic.Id, p.Partition)] = _committed.GetValueOrDefault((topic.Id, p.Partition)) + 1;
                    foreach (var b in p.InSyncReplicas)
                    {
                        _held[(topic.Id, p.Partition, b)] = committed;
                    }
                }
            }
        }
    }

    // A process that dies without a word may lose the end of its logs.
    private void Kill()
    {
        if (_alive.Count > 0)
        {
            var id = _alive.ElementAt(_random.Next(_alive.Count));
            _alive.Remove(id);
            foreach (var key in _held.Keys.Where(k => k.Item3.Value == id).ToArray())
            {
                _held[key] = _random.Next(_held[key] + 1);
            }
        }
    }

    private void StartOne()
    {
        var id = _random.Next(1, Brokers + 1);
        if (!_alive.Contains(id) && Cluster.Register(Cluster.Registration(id, _stoppedCleanly.GetValueOrDefault(id, -1))).ErrorCode == ErrorCode.None)
        {
            _stoppedCleanly.Remove(id);
            _alive.Add(id);
        }
    }

    private void Stop()
    {
        if (_alive.Count == 0)
        {
            return;
        }

        var id = _alive.ElementAt(_random.Next(_alive.Count));
        for (var i = 0; i < 3; i++)
        {
            var answer = Cluster.Beat(id, wantShutDown: true);
            if (answer.ShouldShutDown)
            {
                _alive.Remove(id);
                _stoppedCleanly[id] = Cluster.Broker(id).Epoch;
                return;
            }

            foreach (var other in _alive.Where(_ => _random.Next(4) > 0))
            {
                Cluster.Beat(other);
            }
        }
    }

    // A leader that lives has brought followers up to date, and says so; or gives some up.
    private void Alter()
    {
        var (name, index) = (Topic(), _random.Next(3));
        if (Cluster.Image.TopicByName(name) is not { } topic || topic.Partitions[index] is not { } p || !_alive.Contains(p.Leader.Value))
        {
            return;
        }

        var isr = p.Replicas.Where(b => b == p.Leader || (_alive.Contains(b.Value) && _random.Next(4) > 0)).Select(b => b.Value).ToArray();
        var result = Cluster.Alter(name, index, isr);
        if (result.ErrorCode is ErrorCode.None or ErrorCode.NewLeaderElected)
        {
            foreach (var b in isr)
            {
                _held[(topic.Id, index, new BrokerId(b))] = _committed.GetValueOrDefault((topic.Id, index));
            }
        }
    }

    private void Check(MetadataImage before, bool mayBeUnclean)
    {
        foreach (var topic in Cluster.Image.Topics.Values)
        {
            foreach (var p in topic.Partitions)
            {
                CheckShape(p);
                var allowsUnclean = mayBeUnclean || topic.Name == "u";
                if (before.TopicById(topic.Id) is { } old)
                {
                    CheckChange(old.Partitions[p.Partition], p, allowsUnclean);
                }

                foreach (var gone in _held.Keys.Where(k => k.Item1 == topic.Id && k.Item2 == p.Partition && !p.Replicas.Contains(k.Item3)).ToArray())
                {
                    _held.Remove(gone);
                }

                CheckRecords(topic.Id, p);
            }
        }
    }

    private void CheckShape(PartitionImage p)
    {
        Assert.Equal(p.Replicas.Length, p.Replicas.Distinct().Count());
        Assert.Equal(p.Replicas.Length, p.Directories.Length);
        Assert.Equal(p.InSyncReplicas.Length, p.InSyncReplicas.Distinct().Count());
        Assert.Empty(p.InSyncReplicas.Except(p.Replicas));
        Assert.Empty(p.EligibleLeaderReplicas.Except(p.Replicas));
        Assert.Empty(p.EligibleLeaderReplicas.Intersect(p.InSyncReplicas));
        Assert.Empty(p.AddingReplicas.Except(p.Replicas));
        Assert.Empty(p.RemovingReplicas.Except(p.Replicas));
        Assert.Empty(p.AddingReplicas.Intersect(p.RemovingReplicas));
        Assert.All(p.InSyncReplicas, b => Assert.True(Cluster.Image.Brokers[b].IsActive));
        Assert.True(p.InSyncReplicas.Length + p.EligibleLeaderReplicas.Length + p.LastKnownElr.Length > 0, "Nobody is known to hold it any more");
        Assert.True(p.Leader == BrokerId.None ? p.InSyncReplicas.Length == 0 : p.InSyncReplicas.Contains(p.Leader));
    }

    private void CheckChange(PartitionImage old, PartitionImage now, bool allowsUnclean)
    {
        Assert.True(now.LeaderEpoch >= old.LeaderEpoch);
        Assert.True(now.PartitionEpoch >= old.PartitionEpoch);
        if (now.PartitionEpoch == old.PartitionEpoch)
        {
            Assert.Same(old, now);
        }

        Assert.True(now.Leader == old.Leader || now.LeaderEpoch > old.LeaderEpoch);
        if (old.LeaderRecoveryState == LeaderRecoveryState.Recovered && now.LeaderRecoveryState == LeaderRecoveryState.Recovering)
        {
            Assert.True(allowsUnclean || old.LastKnownElr.Contains(now.Leader) || old.Leader == now.Leader, "An unclean leader where none is allowed");
        }
    }

    // Where a leader may lack records, what it has is what there is; else it has all that was committed.
    private void CheckRecords(TopicId topic, PartitionImage p)
    {
        if (p.Leader == BrokerId.None || !_alive.Contains(p.Leader.Value))
        {
            return;
        }

        var held = _held.GetValueOrDefault((topic, p.Partition, p.Leader));
        if (p.LeaderRecoveryState == LeaderRecoveryState.Recovering)
        {
            _committed[(topic, p.Partition)] = held;
            foreach (var key in _held.Keys.Where(k => k.Item1 == topic && k.Item2 == p.Partition).ToArray())
            {
                _held[key] = Math.Min(_held[key], held);
            }
        }

        Assert.Equal(_committed.GetValueOrDefault((topic, p.Partition)), held);
    }
}
