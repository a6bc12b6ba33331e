using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Tests.Metadata;

/// <summary>A cluster with an active controller, and brokers that say what a test wants them to say, on time that a test moves.</summary>
internal sealed class ControlledCluster
{
    public const string Id = "cluster-of-tests";
    public const long SessionMs = 9000;
    public const long ReturnMs = 500;

    private readonly Cluster _cluster = new();
    private int _incarnations;

    public ControlledCluster() => BecomeActive();

    public ControlledCluster(int brokers)
        : this()
    {
        for (var id = 1; id <= brokers; id++)
        {
            Start(id);
        }
    }

    public ControllerRules Rules => new()
    {
        ClusterId = Id,
        TopicRulesOf = (image, topic) => new TopicRules(
            int.Parse(image.ConfigsOf(ConfigResource.EveryBroker).GetValueOrDefault("min.insync.replicas", "1")),
            image.ConfigsOf(ConfigResource.Topic(topic)).GetValueOrDefault("unclean.leader.election.enable") == "true"),
        SessionTimeoutMs = SessionMs,
        ReturnMs = ReturnMs,
        RebalanceIntervalMs = 300_000,
    };

    public ActiveController Active { get; private set; } = null!;

    public MetadataImage Image => _cluster.Image;

    public List<IMetadataRecord> Log => _cluster.Log;

    public long NowMs { get; private set; }

    private Offset Next => new(_cluster.Log.Count);

    public BrokerImage Broker(int id) => Image.Brokers[new BrokerId(id)];

    public PartitionImage Partition(string topic = "t", int index = 0) => Image.TopicByName(topic)!.Partitions[index];

    /// <summary>Another controller takes over: it has the log, and nothing else.</summary>
    public void BecomeActive() => Active = new ActiveController(Rules);

    public void Create(string name, int partitions, short factor, bool unclean = false)
    {
        var result = _cluster.Create(unclean
            ? Cluster.Topic(name, partitions, factor, ("unclean.leader.election.enable", "true"))
            : Cluster.Topic(name, partitions, factor))[0];
        Assert.Equal(ErrorCode.None, result.Error);
    }

    public void Delete(string name) => Commit(TopicDeletion.Decide(Image, [new TopicToDelete(name, TopicId.None)]));

    /// <summary>Registers a new incarnation and unfences it.</summary>
    public void Start(int id, long previousEpoch = -1)
    {
        Assert.Equal(ErrorCode.None, Register(Registration(id, previousEpoch)).ErrorCode);
        Assert.False(Beat(id).IsFenced);
    }

    public BrokerRegistrationRequest Registration(int id, long previousEpoch = -1) => new()
    {
        BrokerId = new BrokerId(id),
        ClusterId = Id,
        IncarnationId = new Guid(++_incarnations, 0, 0, new byte[8]),
        Listeners = [new BrokerRegistrationRequest.Listener { Name = "PLAINTEXT", Host = "127.0.0.1", Port = (ushort)(9092 + id) }],
        Features = [.. ClusterFeatures.Supported.Select(f => new BrokerRegistrationRequest.Feature { Name = f.Name, MinSupportedVersion = f.MinLevel, MaxSupportedVersion = f.MaxLevel })],
        LogDirs = [Directory(id, 1), Directory(id, 2)],
        PreviousBrokerEpoch = previousEpoch,
    };

    public static Guid Directory(int broker, int index) => new(broker, (short)index, 1, new byte[8]);

    public BrokerRegistrationResponse Register(BrokerRegistrationRequest request)
    {
        Active.Advance(Image, NowMs);
        return Commit(BrokerRegistrations.Register(Image, Active.Sessions, request, Next, NowMs, Rules));
    }

    public BrokerHeartbeatResponse Beat(int id, bool wantFence = false, bool wantShutDown = false, long? offset = null, Guid[]? offline = null, long? epoch = null)
    {
        Active.Advance(Image, NowMs);
        var request = new BrokerHeartbeatRequest
        {
            BrokerId = new BrokerId(id),
            BrokerEpoch = epoch ?? Broker(id).Epoch,
            CurrentMetadataOffset = new Offset(offset ?? Image.AppliedOffset.Value),
            WantFence = wantFence,
            WantShutDown = wantShutDown,
            OfflineLogDirs = offline ?? [],
        };
        return Commit(BrokerHeartbeats.Decide(Image, Active.Sessions, request, Next, NowMs, Rules));
    }

    /// <summary>A heartbeat as it comes over the wire, by a connection.</summary>
    public void Beat(int id, long connection)
    {
        Active.Advance(Image, NowMs);
        Active.Sessions.Hear(new BrokerId(id), Broker(id).Epoch, connection, NowMs);
        Beat(id);
    }

    /// <summary>A connection is over.</summary>
    public void Lose(long connection)
    {
        Active.Advance(Image, NowMs);
        Active.Sessions.Lose(connection, NowMs);
    }

    /// <summary>Time passes, and the controller looks at the clock as often as it wants to; these brokers go on beating.</summary>
    public void Pass(long ms, params int[] alive)
    {
        var end = NowMs + ms;
        while (NowMs < end)
        {
            Active.Advance(Image, NowMs);
            NowMs = Math.Min(end, Math.Min(Math.Max(NowMs + 1, Active.NextDueMs(Image, NowMs)), NowMs + 1000));
            foreach (var id in alive)
            {
                Beat(id);
            }

            Act();
        }
    }

    /// <summary>Lets the controller do all that is due.</summary>
    public void Act()
    {
        Active.Advance(Image, NowMs);
        while (Active.Act(Image, NowMs) is { Records.Count: > 0 } decision)
        {
            Commit(decision);
        }
    }

    /// <summary>The leader of a partition asks for an ISR.</summary>
    public AlterPartitionResponse.PartitionData Alter(string topic, int index, int[] isr, Action<AlterPartitionRequest.PartitionData>? change = null, int? by = null)
    {
        var partition = Partition(topic, index);
        var wish = new AlterPartitionRequest.PartitionData
        {
            PartitionIndex = index,
            LeaderEpoch = partition.LeaderEpoch,
            PartitionEpoch = partition.PartitionEpoch,
            NewIsrWithEpochs = [.. isr.Select(b => new AlterPartitionRequest.BrokerState
            {
                BrokerId = new BrokerId(b), BrokerEpoch = Image.Brokers.GetValueOrDefault(new BrokerId(b))?.Epoch ?? -1,
            })],
        };
        change?.Invoke(wish);
        var request = new AlterPartitionRequest
        {
            BrokerId = by is { } sender ? new BrokerId(sender) : partition.Leader,
            BrokerEpoch = Image.Brokers[by is { } b ? new BrokerId(b) : partition.Leader].Epoch,
            Topics = [new AlterPartitionRequest.TopicData { TopicId = Image.TopicByName(topic)!.Id, Partitions = [wish] }],
        };
        var response = Commit(IsrAlteration.Decide(Image, request, 3, Rules));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return response.Topics[0].Partitions[0];
    }

    public ErrorCode Elect(sbyte kind, string topic = "t", int index = 0) => Commit(LeaderElections.Decide(
        Image,
        new ElectLeadersRequest { ElectionType = kind, TopicPartitions = [new ElectLeadersRequest.ElectTopic { Topic = topic, Partitions = [index] }] },
        Rules)).ReplicaElectionResults[0].PartitionResult[0].ErrorCode;

    public ErrorCode Reassign(string topic, int index, int[]? target, bool mayChangeFactor = true) => Commit(Reassignments.Decide(
        Image,
        new AlterPartitionReassignmentsRequest
        {
            AllowReplicationFactorChange = mayChangeFactor,
            Topics =
            [
                new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic,
                    Partitions = [new AlterPartitionReassignmentsRequest.ReassignablePartition { PartitionIndex = index, Replicas = target is null ? null : Ids(target) }],
                },
            ],
        },
        Rules)).Responses[0].Partitions[0].ErrorCode;

    public UnregisterBrokerResponse Unregister(int id) => Commit(BrokerRegistrations.Unregister(Image, Active.Sessions, new BrokerId(id), Rules));

    public T Commit<T>(Transition<T, IMetadataRecord> decision) => _cluster.Commit(decision);

    public static BrokerId[] Ids(params int[] ids) => Array.ConvertAll(ids, i => new BrokerId(i));
}
