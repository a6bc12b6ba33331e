using System.Net;
using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Simulation;

/// <summary>A client on a machine of its own: connections to brokers, and what it knows of the cluster.</summary>
internal sealed class SimulatedClient
{
    private static readonly TimeSpan s_metadataTimeout = TimeSpan.FromSeconds(3);
    private readonly SimulatedCluster _cluster;
    private readonly PeerNetwork _peers;
    private readonly Dictionary<PeerAddress, IPeerChannel> _channels = [];
    private readonly Dictionary<BrokerId, PeerAddress> _brokers = [];
    private readonly Dictionary<string, MetadataResponse.MetadataResponseTopic> _topics = [];

    public SimulatedClient(SimulatedCluster cluster, int number, string name)
    {
        _cluster = cluster;
        Name = name;
        Address = new IPAddress([10, 0, 1, (byte)number]);
        Process = new SimulatedProcess(cluster.World, number, name);
        Time = new SimulatedTime(Process, 1, TimeSpan.Zero);
        _peers = new PeerNetwork(new PeerNetworkOptions { Transport = cluster.Network.For(Process, Address), ClientId = name, Time = Time });
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its machine's address.</summary>
    public IPAddress Address { get; }

    /// <summary>Its process.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>Its clock.</summary>
    public SimulatedTime Time { get; }

    /// <summary>The dice of all clients.</summary>
    public Random Random => _cluster.World.LoadRandom;

    /// <summary>Now, in milliseconds since the epoch.</summary>
    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Waits.</summary>
    public Task RestAsync(TimeSpan time) => Wait.For(time, Time);

    /// <summary>Asks one broker.</summary>
    /// <exception cref="IOException">No answer: the outcome is unknown.</exception>
    public async Task<TResponse> AskAsync<TResponse>(PeerAddress broker, IRequest request, TimeSpan timeout)
        where TResponse : class, IResponse
    {
        using var answer = await ChannelTo(broker).SendAsync<TResponse>(request, timeout, CancellationToken.None);
        return answer.Response;
    }

    /// <summary>Asks one broker; the answer's records lie in its frame.</summary>
    public ValueTask<PeerAnswer<TResponse>> AskForRecordsAsync<TResponse>(PeerAddress broker, IRequest request, TimeSpan timeout)
        where TResponse : class, IResponse => ChannelTo(broker).SendAsync<TResponse>(request, timeout, CancellationToken.None);

    /// <summary>Any broker.</summary>
    public PeerAddress AnyBroker() => _cluster.Bootstrap[Random.Next(_cluster.Bootstrap.Count)];

    /// <summary>Where a broker is.</summary>
    public PeerAddress? AddressOf(BrokerId broker) => _brokers.TryGetValue(broker, out var address) ? address : null;

    /// <summary>The topic as last heard of; null where nothing was.</summary>
    public MetadataResponse.MetadataResponseTopic? Topic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The leader as last heard of; null where there is none.</summary>
    public PeerAddress? LeaderOf(TopicPartition partition) =>
        Topic(partition.Topic)?.Partitions.FirstOrDefault(p => p.PartitionIndex == partition.Partition) is { } found ? AddressOf(found.LeaderId) : null;

    /// <summary>Asks about a topic, once; where that fails, what was known stays.</summary>
    public async Task RefreshAsync(string topic)
    {
        try
        {
            var request = new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = false };
            var response = await AskAsync<MetadataResponse>(AnyBroker(), request, s_metadataTimeout);
            foreach (var broker in response.Brokers)
            {
                _brokers[broker.NodeId] = new PeerAddress(broker.Host, broker.Port);
            }

            foreach (var found in response.Topics.Where(t => t.ErrorCode == ErrorCode.None))
            {
                _topics[found.Name!] = found;
            }
        }
        catch (IOException)
        {
            // Somebody else is asked next time.
        }
    }

    /// <summary>Makes a topic, however long it takes.</summary>
    public async Task CreateTopicAsync(string name, int partitions, int replicationFactor, params (string Name, string Value)[] configs)
    {
        while (true)
        {
            await RefreshAsync(name);
            if (Topic(name) is { } topic && topic.Partitions.Length == partitions)
            {
                return;
            }

            try
            {
                await AskAsync<CreateTopicsResponse>(AnyBroker(), Wish(name, partitions, replicationFactor, configs), TimeSpan.FromSeconds(15));
            }
            catch (IOException)
            {
                // Tried again below.
            }

            await RestAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    private static CreateTopicsRequest Wish(string name, int partitions, int replicationFactor, (string Name, string Value)[] configs) => new()
    {
        TimeoutMs = 10_000,
        Topics =
        [
            new()
            {
                Name = name,
                NumPartitions = partitions,
                ReplicationFactor = (short)replicationFactor,
                Configs = [.. configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value })],
            },
        ],
    };

    private IPeerChannel ChannelTo(PeerAddress broker)
    {
        if (!_channels.TryGetValue(broker, out var channel))
        {
            _channels[broker] = channel = _peers.Open(broker);
        }

        return channel;
    }
}
