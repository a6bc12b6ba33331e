using Samsa.Storage;

namespace Samsa.Cli.Clusters;

/// <summary>A development cluster: nodes on neighbouring ports of this machine.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="BasePort">The first node's port for clients.</param>
/// <param name="Data">Where their data goes, one directory for each.</param>
/// <param name="Settings">Further settings of all of them.</param>
internal sealed record ClusterPlan(int Nodes, int BasePort, string Data, IReadOnlyList<string> Settings)
{
    private const int MostControllers = 5;
    private const int ControllerPortOffset = 1000;
    private const string IdFile = "cluster.id";

    /// <summary>What clients connect to.</summary>
    public string BootstrapServers => string.Join(',', Enumerable.Range(0, Nodes).Select(i => $"localhost:{BasePort + i}"));

    // An even number of voters bears no more failures than one less.
    private int Controllers => Math.Min(Nodes, MostControllers) is var most && most % 2 == 0 ? most - 1 : most;

    /// <summary>The arguments with which a node's process is started.</summary>
    /// <param name="node">Its number, from 1.</param>
    /// <param name="clusterId">The cluster's id.</param>
    public IEnumerable<string> ArgumentsOf(int node, string clusterId)
    {
        var isController = node <= Controllers;
        var port = BasePort + node - 1;
        var listeners = $"PLAINTEXT://localhost:{port}" + (isController ? $",CONTROLLER://localhost:{port + ControllerPortOffset}" : "");
        var voters = string.Join(',', Enumerable.Range(1, Controllers).Select(c => $"{c}@localhost:{BasePort + c - 1 + ControllerPortOffset}"));
        string[] settings =
        [
            $"node.id={node}",
            $"process.roles={(isController ? "broker,controller" : "broker")}",
            $"cluster.id={clusterId}",
            $"controller.quorum.voters={voters}",
            "controller.listener.names=CONTROLLER",
            "samsa.admin.listener=http://127.0.0.1:0",
            .. Settings,
        ];
        return ["server", "--data", Path.Join(Data, $"{node}"), "--listeners", listeners, .. settings.SelectMany(s => (string[])["--set", s])];
    }

    /// <summary>The cluster's id, which the data directory keeps from the first start on.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    public string ClusterId()
    {
        Directory.CreateDirectory(Data);
        var file = Path.Join(Data, IdFile);
        if (!File.Exists(file))
        {
            File.WriteAllText(file, MetaProperties.IdText(MetaProperties.NewId()));
        }

        return File.ReadAllText(file).Trim();
    }
}
