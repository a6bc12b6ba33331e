using Samsa.Broker.Peers;
using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>Machines, the network between them, and the metadata log they agree on.</summary>
internal sealed class SimulatedCluster
{
    /// <summary>Where brokers listen.</summary>
    public const int Port = 9092;

    private const int ControllerPort = 9093;
    private int _clients;

    public SimulatedCluster(World world, ClusterOptions options)
    {
        World = world;
        Options = options;
        Network = new SimulatedNetwork(world);
        Machines = [.. Enumerable.Range(1, options.Brokers).Select(n => new SimulatedMachine(this, n))];
        Quorum = new SimulatedQuorum(world, (from, to) => Network.Reaches(Machine(from).Address, Machine(to).Address)) { Voters = options.Brokers };
    }

    /// <summary>The world.</summary>
    public World World { get; }

    /// <summary>What it is made of.</summary>
    public ClusterOptions Options { get; }

    /// <summary>The network.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The machines, by id.</summary>
    public IReadOnlyList<SimulatedMachine> Machines { get; }

    /// <summary>The metadata log.</summary>
    public SimulatedQuorum Quorum { get; }

    /// <summary>Where clients begin.</summary>
    public IReadOnlyList<PeerAddress> Bootstrap => [.. Machines.Select(m => new PeerAddress(m.Address.ToString(), Port))];

    /// <summary>The machine of a broker.</summary>
    public SimulatedMachine Machine(BrokerId id) => Machines[id.Value - 1];

    /// <summary>The settings of a broker.</summary>
    public IEnumerable<string> SettingsOf(SimulatedMachine machine)
    {
        var client = $"PLAINTEXT://{machine.Address}:{Port}";
        return Machines.Count == 1
            ? [$"listeners={client}", .. Options.Settings]
            :
            [
                $"listeners={client},CONTROLLER://{machine.Address}:{ControllerPort}",
                "controller.listener.names=CONTROLLER",
                $"controller.quorum.voters={string.Join(',', Machines.Select(m => $"{m.Id}@{m.Address}:{ControllerPort}"))}",
                $"cluster.id={SimulatedMachine.ClusterId}",
                .. Options.Settings,
            ];
    }

    /// <summary>Starts every broker and waits until all serve.</summary>
    public void Start()
    {
        WatchOver();
        if (!World.RunUntil(() => Machines.All(m => m.Server is not null), TimeSpan.FromMinutes(1)))
        {
            throw new SimulationFailure("liveness", "not every broker serves a minute after the start");
        }
    }

    /// <summary>A client on a machine of its own.</summary>
    public SimulatedClient NewClient(string name) => new(this, ++_clients, name);

    // Whoever watches over a service starts it again when it is down.
    private void WatchOver()
    {
        foreach (var machine in Machines)
        {
            if (machine.Process is null && World.Now >= machine.DownUntil)
            {
                machine.Start();
            }
        }

        World.After(TimeSpan.FromMilliseconds(200), null, WatchOver);
    }
}

/// <summary>What a cluster is made of.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How many brokers.</summary>
    public int Brokers { get; init; } = 1;

    /// <summary>Settings of every broker, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
