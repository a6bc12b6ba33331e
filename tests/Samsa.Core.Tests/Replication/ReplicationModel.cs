using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

/// <summary>
/// A few replicas of one partition, a controller of few words, and a bag of messages that arrive in any order. Everything
/// committed is written down at the moment a leader says so, and compared with whatever anybody holds later.
/// </summary>
internal sealed class ReplicationModel
{
    public const long MaxLagMs = 1000;

    private readonly ModelReplica[] _replicas;
    private readonly List<Action> _bag = [];
    private readonly Dictionary<long, (int Epoch, int Value)> _committed = [];
    private readonly HashSet<BrokerId> _fenced = [];
    private readonly Dictionary<BrokerId, long> _brokerEpochs = [];
    private readonly int _minInSync;
    private long _nowMs = 1_000_000;
    private int _nextValue;
    private long _nextBrokerEpoch = 200;

    public ReplicationModel(int replicas, int minInSync)
    {
        _minInSync = minInSync;
        BrokerId[] ids = [.. Enumerable.Range(1, replicas).Select(i => new BrokerId(i))];
        Image = new PartitionImage(0, ids, ids, ids[0], new LeaderEpoch(0), 0);
        _replicas = [.. ids.Select(id => new ModelReplica(id, _committed))];
        Array.ForEach(_replicas, r => _brokerEpochs[r.Id] = r.BrokerEpoch);
        Array.ForEach(_replicas, Publish);
    }

    /// <summary>The truth of the controller.</summary>
    public PartitionImage Image { get; private set; }

    public IReadOnlyList<ModelReplica> Replicas => _replicas;

    public IReadOnlyDictionary<long, (int Epoch, int Value)> Committed => _committed;

    public void Do(int what, int who, int how)
    {
        var replica = _replicas[who % _replicas.Length];
        switch (what)
        {
            case < 20:
                Produce(replica);
                break;
            case < 50:
                SendFetch(replica);
                break;
            case < 80:
                Deliver(how);
                break;
            case < 84:
                Fence(replica);
                break;
            case < 90:
                Crash(replica, how);
                break;
            case < 94:
                Publish(replica);
                break;
            case < 96:
                Advance(how * 7);
                break;
            case < 98:
                Prefer(replica);
                break;
            default:
                replica.Leader?.OnTrim(replica, how);
                break;
        }

        Check();
    }

    /// <summary>Everybody is up and connected, nothing is lost: after a while all must be equal and in sync.</summary>
    public void Heal()
    {
        for (var round = 0; round < 60; round++)
        {
            Advance(MaxLagMs / 4);
            foreach (var replica in _replicas)
            {
                Unfence(replica);
                Publish(replica);
                SendFetch(replica);
            }

            while (_bag.Count > 0)
            {
                Deliver(0);
            }

            Check();
        }

        Produce(_replicas[Image.Leader.Value - 1]);
        for (var round = 0; round < 3; round++)
        {
            Array.ForEach(_replicas, SendFetch);
            while (_bag.Count > 0)
            {
                Deliver(0);
            }
        }

        Check();
    }

    private void Produce(ModelReplica replica)
    {
        if (replica.Leader is { } leader && leader.State.HasEnoughInSync)
        {
            replica.Log.Append((leader.State.Epoch.Value, _nextValue++));
            leader.Commit(replica, leader.State.OnAppended(new Offset(replica.Log.End)));
        }
    }

    private void SendFetch(ModelReplica replica)
    {
        if (replica.Follower is not { } follower || replica.IsDown || follower.Leader == BrokerId.None)
        {
            return;
        }

        var leader = _replicas[follower.Leader.Value - 1];
        var (from, lastEpoch, start, brokerEpoch) = (replica.Log.End, replica.Log.LastEpoch, replica.Log.Start, replica.BrokerEpoch);
        var (cuts, number) = (replica.Log.Cuts, ++replica.Fetches);
        _bag.Add(() =>
        {
            if (leader.Leader is not { } led || led.State.Epoch != follower.Epoch || leader.IsDown)
            {
                return;
            }

            // A follower has one Fetch under way, so that one from before a cut comes late only from a connection that broke. The leader tells it by
            // the epoch it names, unless all records of that time were deleted meanwhile: a known limit, see docs/reliability.md.
            if (cuts != replica.Log.Cuts && led.CannotTell(leader, lastEpoch))
            {
                return;
            }

            var (answer, records) = led.Serve(leader, replica.Id, from, start, lastEpoch, brokerEpoch, _nowMs, out var proposal);
            SendProposal(leader, led, proposal);
            replica.Served = Math.Max(replica.Served, number);
            _bag.Add(() =>
            {
                // For the same reason nobody takes the answer to a Fetch that tells of another history after the next Fetch was served.
                if (number == replica.Served || !answer.Diverging.Epoch.IsKnown)
                {
                    replica.Take(follower, answer, (from, lastEpoch), records);
                }
            });
        });
    }

    private void SendProposal(ModelReplica leader, ModelLeader led, InSyncProposal? proposal)
    {
        if (proposal is null)
        {
            return;
        }

        _bag.Add(() =>
        {
            var answer = Decide(leader.Id, proposal);
            _bag.Add(() =>
            {
                if (leader.Leader == led)
                {
                    var news = led.State.OnAnswer(proposal, answer);
                    led.Commit(leader, news.HighWatermarkMoved);
                    SendProposal(leader, led, news.Proposal);
                }
            });
        });
    }

    private InSyncAnswer Decide(BrokerId from, InSyncProposal proposal)
    {
        var error = Image.Leader != from || Image.LeaderEpoch != proposal.LeaderEpoch ? ErrorCode.FencedLeaderEpoch
            : Image.PartitionEpoch != proposal.PartitionEpoch ? ErrorCode.InvalidUpdateVersion
            : proposal.InSync.Any(r => r.Broker != from && (_fenced.Contains(r.Broker) || (r.BrokerEpoch >= 0 && r.BrokerEpoch != _brokerEpochs[r.Broker])))
                ? ErrorCode.IneligibleReplica
            : ErrorCode.None;
        if (error == ErrorCode.None)
        {
            Image = Image with { InSyncReplicas = [.. proposal.InSync.Select(r => r.Broker)], PartitionEpoch = Image.PartitionEpoch + 1 };
        }

        return new InSyncAnswer(error, Image.LeaderEpoch, Image.PartitionEpoch, Image.InSyncReplicas);
    }

    private void Deliver(int which)
    {
        if (_bag.Count > 0)
        {
            var at = which % _bag.Count;
            var message = _bag[at];
            _bag.RemoveAt(at);
            message();
        }
    }

    private void Publish(ModelReplica replica)
    {
        var (image, fenced) = (Image, _fenced.ToHashSet());
        var epochs = new Dictionary<BrokerId, long>(_brokerEpochs);
        if (!replica.IsDown)
        {
            replica.Follow(
                image, (broker, epoch) => !fenced.Contains(broker) && (epoch < 0 || epochs[broker] == epoch),
                new LeaderSettings(_minInSync, WaitsForDisk: false, MaxLagMs), _nowMs);
        }
    }

    private void Advance(long ms)
    {
        _nowMs += ms;
        foreach (var replica in _replicas)
        {
            if (replica.Leader is { } led && !replica.IsDown)
            {
                var news = led.State.Tick(_nowMs);
                led.Commit(replica, news.HighWatermarkMoved);
                SendProposal(replica, led, news.Proposal);
            }
        }
    }

    // The session of a broker ended: it leaves the ISR unless it is alone there, and what it leads goes to another.
    private void Fence(ModelReplica replica)
    {
        _fenced.Add(replica.Id);
        BrokerId[] left = [.. Image.InSyncReplicas.Where(r => r != replica.Id)];
        var inSync = left.Length == 0 ? Image.InSyncReplicas : left;
        var leader = Image.Leader != replica.Id ? Image.Leader : Elect(left);
        if (Image.InSyncReplicas.Contains(replica.Id))
        {
            Change(inSync, leader);
        }
    }

    // A process dies and comes back with what was on its disk; with a power cut some of its tail is gone.
    private void Crash(ModelReplica replica, int how)
    {
        if (!replica.IsDown)
        {
            var maySurvive = Image.InSyncReplicas.Any(r => r != replica.Id);
            replica.Crash(losesTail: maySurvive && how % 3 == 0 ? how % 5 : 0, checkpointAge: how % 4);
            return;
        }

        Fence(replica);
        if (Image.InSyncReplicas.Contains(replica.Id))
        {
            replica.RestoreTail();
        }

        replica.IsDown = false;
        _brokerEpochs[replica.Id] = replica.BrokerEpoch = _nextBrokerEpoch++;
        Unfence(replica);
        Publish(replica);
    }

    private void Unfence(ModelReplica replica)
    {
        if (replica.IsDown)
        {
            Crash(replica, 0);
            return;
        }

        _fenced.Remove(replica.Id);
        if (Image.Leader == BrokerId.None && Image.InSyncReplicas.Contains(replica.Id))
        {
            Change(Image.InSyncReplicas, replica.Id);
        }
    }

    private void Prefer(ModelReplica replica)
    {
        if (Image.InSyncReplicas.Contains(replica.Id) && !_fenced.Contains(replica.Id) && Image.Leader != BrokerId.None)
        {
            Change(Image.InSyncReplicas, replica.Id);
        }
    }

    private BrokerId Elect(BrokerId[] inSync) => inSync.FirstOrDefault(r => !_fenced.Contains(r), BrokerId.None);

    private void Change(BrokerId[] inSync, BrokerId leader) => Image = Image with
    {
        InSyncReplicas = inSync,
        Leader = leader,
        LeaderEpoch = leader == Image.Leader && leader != BrokerId.None ? Image.LeaderEpoch : new LeaderEpoch(Image.LeaderEpoch.Value + 1),
        PartitionEpoch = Image.PartitionEpoch + 1,
    };

    private void Check()
    {
        foreach (var replica in _replicas)
        {
            Assert.True(replica.HighWatermark <= replica.Log.End);
            for (var offset = replica.Log.Start; offset < replica.HighWatermark; offset++)
            {
                Assert.True(_committed.TryGetValue(offset, out var record), $"offset {offset} of {replica.Id} was never committed");
                Assert.Equal(record, replica.Log[offset]);
            }
        }
    }
}
