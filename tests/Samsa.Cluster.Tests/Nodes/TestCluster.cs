using System.Globalization;
using Samsa.Cluster.Tests.Network;
using Samsa.Interop.Processes;

namespace Samsa.Cluster.Tests.Nodes;

/// <summary>Several processes of the program that are one cluster, their network and their disks. All of it ends with the test.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const string ClientListener = "PLAINTEXT";
    private const string ControllerListener = "CONTROLLER";
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly NodeDisks _disks;

    private TestCluster(ClusterOptions options, IClusterNetwork network)
    {
        Network = network;
        _disks = new NodeDisks(options.Nodes, options.DiskMegabytes);
        LogFolder = Directory.CreateDirectory(Path.Combine(BuiltServer.Root, "artifacts", "test", "cluster", Path.GetRandomFileName())).FullName;
        Nodes = [.. SettingsOf(options).Select((settings, i) => new ClusterNode(i + 1, settings))];
        Probe = new ClusterProbe(this);
    }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public IClusterNetwork Network { get; }

    public NodeDisks Disks => _disks;

    /// <summary>Asks nodes what they believe.</summary>
    public ClusterProbe Probe { get; }

    /// <summary>Where the nodes' logs are; kept when a test fails.</summary>
    public string LogFolder { get; }

    /// <summary>All nodes, for clients.</summary>
    public string Bootstrap => string.Join(',', Nodes.Select(n => n.Bootstrap));

    public ClusterNode this[int id] => Nodes[id - 1];

    /// <summary>Starts all nodes at once and waits until each serves.</summary>
    public static async Task<TestCluster> StartAsync(ClusterOptions options)
    {
        bool hasLinks = options.HasLinks && NamespaceNetwork.Obstacle is null;
        var cluster = new TestCluster(options, hasLinks ? NamespaceNetwork.Create(options.Nodes) : new LoopbackNetwork());
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts every node that is down, all at once.</summary>
    public async Task StartAllAsync()
    {
        ClusterNode[] down = [.. Nodes.Where(n => !n.IsUp)];
        foreach (ClusterNode node in down)
        {
            node.Spawn();
        }

        await Task.WhenAll(down.Select(n => n.WhenReadyAsync()));
    }

    /// <summary>The last lines of every node, for a failure.</summary>
    public string Tails() => string.Join("\n", Nodes.Select(n => $"--- node {n.Id}{(n.IsUp ? "" : " (down)")}\n{string.Join('\n', n.Log.Split('\n').TakeLast(25))}"))
        + $"\n--- whole logs in {LogFolder}";

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in Nodes)
        {
            await node.DisposeAsync();
        }

        Network.Dispose();
        _disks.Dispose();
        if (TestContext.Current.TestState?.Result is TestResult.Passed)
        {
            Directory.Delete(LogFolder, recursive: true);
        }
    }

    private IEnumerable<BrokerSettings> SettingsOf(ClusterOptions options)
    {
        bool isCluster = options.Nodes > 1;
        int[] clientPorts = [.. Enumerable.Range(0, options.Nodes).Select(_ => Network.HasLinks ? 9092 : FreePort.Next())];
        int[] controllerPorts = [.. Enumerable.Range(0, options.Nodes).Select(_ => Network.HasLinks ? 9093 : FreePort.Next())];
        string voters = string.Join(',', Enumerable.Range(1, options.Voters).Select(n => $"{n}@{Network.HostOf(n)}:{controllerPorts[n - 1]}"));
        string clusterId = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        for (int id = 1; id <= options.Nodes; id++)
        {
            bool isController = id <= options.Voters;
            string host = Network.HostOf(id);
            string client = $"{ClientListener}://{host}:{clientPorts[id - 1]}";
            var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["node.id"] = id.ToString(CultureInfo.InvariantCulture) };
            if (isCluster)
            {
                properties["process.roles"] = isController ? "broker,controller" : "broker";
                properties["controller.quorum.voters"] = voters;
                properties["controller.listener.names"] = ControllerListener;
                properties["inter.broker.listener.name"] = ClientListener;
                properties["advertised.listeners"] = client;
                properties["cluster.id"] = clusterId;
            }

            foreach ((string name, string value) in options.Properties)
            {
                properties[name] = value;
            }

            yield return new BrokerSettings(Path.Combine(_disks.Of(id), "data"), clientPorts[id - 1])
            {
                Host = host,
                Listeners = isCluster && isController ? $"{client},{ControllerListener}://{host}:{controllerPorts[id - 1]}" : client,
                Properties = properties,
                RunBy = Network.RunBy(id),
                ReadyWithin = ReadyWithin,
                LogFile = Path.Combine(LogFolder, $"node-{id}.log"),
            };
        }
    }
}
