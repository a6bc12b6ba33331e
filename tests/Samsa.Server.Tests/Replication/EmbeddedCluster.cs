using Samsa.Broker.Configuration;
using Samsa.Broker.Partitions;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Storage;

namespace Samsa.Server.Tests.Replication;

/// <summary>Several servers in this process that share their metadata and replicate over real connections.</summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);
    private readonly Dictionary<int, SamsaServer> _servers = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("samsa-test-").FullName;
    private readonly string[] _settings;
    private readonly int _disks;

    private EmbeddedCluster(int disks, string[] settings) => (_disks, _settings) = (disks, settings);

    public SharedMetadata Metadata { get; } = new();

    public static Task<EmbeddedCluster> StartAsync(int nodes, params string[] settings) => StartAsync(nodes, disks: 1, settings);

    /// <summary>A cluster whose nodes have several log directories each.</summary>
    public static async Task<EmbeddedCluster> StartAsync(int nodes, int disks, params string[] settings)
    {
        var cluster = new EmbeddedCluster(disks, settings);
        for (var id = 1; id <= nodes; id++)
        {
            await cluster.StartNodeAsync(id);
        }

        return cluster;
    }

    public async Task StartNodeAsync(int id) => _servers[id] = await SamsaServer.StartAsync(
        new SamsaServerOptions
        {
            OpenMetadataLog = listener => Metadata.Open(listener, new BrokerId(id)),
            Config = BrokerConfig.Load(new BrokerConfigSources
            {
                Data = string.Join(',', Enumerable.Range(1, _disks).Select(d => DiskOf(id, d))),
                Listeners = "PLAINTEXT://127.0.0.1:0",
                Set =
                [
                    $"node.id={id}", "cluster.id=MkU3OEVBNTcwNTJENDM2Qk", $"broker.rack=rack-{id}", "replica.fetch.backoff.ms=50",

                    // Each is its own controller, who hears of none of the others; and who stops just does.
                    "broker.session.timeout.ms=3600000", "controlled.shutdown.enable=false",
                    .. _settings, "samsa.admin.listener=",
                ],
            }),
        },
        TestContext.Current.CancellationToken);

    /// <summary>Where a log directory of a node is; both count from 1.</summary>
    public string DiskOf(int node, int disk) => Path.Combine(_directory, $"node-{node}-disk-{disk}");

    public async Task StopNodeAsync(int id)
    {
        _servers.Remove(id, out var server);
        await server!.DisposeAsync();
    }

    public WireClient Connect(int id) => new(_servers[id].Listeners[0].EndPoint);

    public PartitionImage Partition(string topic) => Metadata.State.Image.TopicByName(topic)!.Partitions[0];

    /// <summary>Makes a topic of one partition; the first replica leads.</summary>
    public void CreateTopic(string name, params int[] replicas)
    {
        var id = TopicId.Create();
        BrokerId[] brokers = [.. replicas.Select(r => new BrokerId(r))];
        Metadata.Append(
            new TopicRecord { Name = name, TopicId = id },
            new PartitionRecord
            {
                TopicId = id, PartitionId = 0, Replicas = brokers, Isr = brokers, Leader = brokers[0], LeaderEpoch = new LeaderEpoch(0),
                Directories = Array.ConvertAll(brokers, _ => DirectoryId.Unassigned),
            });
    }

    /// <summary>Makes another broker lead, with only those in sync.</summary>
    public void Elect(string topic, int leader, params int[] inSync) => Metadata.Append(new PartitionChangeRecord
    {
        TopicId = Metadata.State.Image.TopicByName(topic)!.Id,
        PartitionId = 0,
        Leader = new BrokerId(leader),
        Isr = [.. inSync.Select(r => new BrokerId(r))],
    });

    public Partition Replica(int node, string topic)
    {
        Assert.True(_servers[node].Broker.Partitions.TryGet(topic, 0, out var partition));
        return partition;
    }

    /// <summary>All bytes of a replica's log.</summary>
    public byte[] Bytes(int node, string topic)
    {
        var log = Replica(node, topic).Log;
        var bytes = new List<byte>();
        for (var from = log.LogStartOffset; from < log.LogEndOffset;)
        {
            var read = log.Read(from, 1 << 20, log.LogEndOffset, atLeastOneBatch: true);
            using var slice = read.Slice!;
            var part = new byte[slice.Length];
            slice.CopyTo(part);
            bytes.AddRange(part);
            from = read.NextOffset;
        }

        return [.. bytes];
    }

    /// <summary>Waits until all replicas of a topic end at an offset, and know that it is committed.</summary>
    public Task ReplicatedAsync(string topic, long end, params int[] nodes) =>
        UntilAsync(() => nodes.All(n => Replica(n, topic).Log.LogEndOffset.Value == end && Replica(n, topic).HighWatermark.Value == end));

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(s_deadline);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await looks.WaitForNextTickAsync(late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
