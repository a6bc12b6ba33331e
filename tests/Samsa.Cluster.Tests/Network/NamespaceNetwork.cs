using System.Globalization;

namespace Samsa.Cluster.Tests.Network;

/// <summary>
/// A network namespace for each node, joined by a bridge in a namespace of its own, to which this machine has one link. Links are cut
/// without firewall rules: every node has a fixed table of its neighbours' hardware addresses, and what goes to a wrong one is lost,
/// in that direction alone, without an error for anybody.
/// </summary>
/// <remarks>Needs root and iproute2. Names carry the process id, so that what a killed run left is found and removed by the next.</remarks>
internal sealed class NamespaceNetwork : IClusterNetwork
{
    private const int Client = 254;
    private const string Nowhere = "02:53:00:00:00:00";

    /// <summary>About what a saturated long-distance link does: a fifth of a second, and 2 Mbit/s.</summary>
    private static readonly string[] Netem = ["netem", "delay", "100ms", "20ms", "rate", "2mbit"];
    private static readonly string[] TokenBucket = ["tbf", "rate", "2mbit", "burst", "16kb", "latency", "400ms"];

    private static int s_made;

    private readonly int _nodes;
    private readonly int _subnet;
    private readonly string _prefix;
    private readonly string _link;
    private readonly HashSet<int> _slowed = [];
    private readonly bool _hasNetem;

    private NamespaceNetwork(int nodes, int subnet)
    {
        int made = Interlocked.Increment(ref s_made);
        (_nodes, _subnet) = (nodes, subnet);
        _prefix = $"{NetworkLeftovers.NamespacePrefix}{Environment.ProcessId}-{made}-";
        _link = $"{NetworkLeftovers.LinkPrefix}{Environment.ProcessId}n{made}";
        Build();
        _hasNetem = HasNetem();
    }

    public bool HasLinks => true;

    public string Description => $"network namespaces {_prefix}1 to {_nodes} on 198.18.{_subnet}.0/24, slow links by {(_hasNetem ? "netem" : "a token bucket")}";

    /// <summary>Why there can be no such network here; null where there can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Makes a network; what dead runs left is removed first.</summary>
    public static NamespaceNetwork Create(int nodes)
    {
        NetworkLeftovers.Remove();
        return new(nodes, FreeSubnet());
    }

    public string HostOf(int node) => $"198.18.{_subnet}.{node}";

    public IReadOnlyList<string> RunBy(int node) => ["ip", "netns", "exec", Namespace(node)];

    public void Unplug(int node) => Shell.Ip($"-n {Hub} link set n{node} down");

    public void Lose(int from, int to) => Shell.Ip(Neighbour(from, to, Nowhere));

    public void Slow(int node)
    {
        string[] discipline = _hasNetem ? Netem : TokenBucket;
        Shell.Run("tc", ["-n", Namespace(node), "qdisc", "replace", "dev", "eth0", "root", .. discipline]);
        Shell.Run("tc", ["-n", Hub, "qdisc", "replace", "dev", $"n{node}", "root", .. discipline]);
        _slowed.Add(node);
    }

    public void Heal()
    {
        for (int node = 1; node <= _nodes; node++)
        {
            Shell.Ip($"-n {Hub} link set n{node} up");
            Shell.Ip([.. Others(node).Select(other => Neighbour(node, other, Hardware(other)))]);
        }

        foreach (int node in _slowed)
        {
            Shell.TryRun("tc", "-n", Namespace(node), "qdisc", "del", "dev", "eth0", "root");
            Shell.TryRun("tc", "-n", Hub, "qdisc", "del", "dev", $"n{node}", "root");
        }

        _slowed.Clear();
    }

    public void Dispose()
    {
        foreach (string name in Enumerable.Range(1, _nodes).Select(Namespace).Append(Hub))
        {
            NetworkLeftovers.RemoveNamespace(name);
        }

        Shell.TryRun("ip", "link", "del", _link);
    }

    private string Hub => _prefix + "hub";

    private string Namespace(int node) => _prefix + node.ToString(CultureInfo.InvariantCulture);

    private string Hardware(int node) => $"02:53:00:00:{_subnet:x2}:{node:x2}";

    private IEnumerable<int> Others(int node) => Enumerable.Range(1, _nodes).Where(other => other != node);

    private string Neighbour(int of, int other, string hardware) =>
        $"-n {Namespace(of)} neigh replace {HostOf(other)} lladdr {hardware} dev eth0 nud permanent";

    private void Build()
    {
        try
        {
            Shell.Ip($"netns add {Hub}", $"-n {Hub} link add bridge type bridge", $"-n {Hub} link set bridge up",
                $"-n {Hub} link add client type veth peer name {_link}", $"-n {Hub} link set {_link} netns {Environment.ProcessId}",
                $"-n {Hub} link set client master bridge up", $"link set {_link} address {Hardware(Client)} up",
                $"addr add {HostOf(Client)}/24 dev {_link}");
            for (int node = 1; node <= _nodes; node++)
            {
                string name = Namespace(node);
                Shell.Ip($"netns add {name}", $"-n {Hub} link add n{node} type veth peer name eth0 netns {name}",
                    $"-n {Hub} link set n{node} master bridge up", $"-n {name} link set eth0 address {Hardware(node)} up",
                    $"-n {name} link set lo up", $"-n {name} addr add {HostOf(node)}/24 dev eth0",
                    $"-n {name} neigh replace {HostOf(Client)} lladdr {Hardware(Client)} dev eth0 nud permanent");
            }

            Heal();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private bool HasNetem()
    {
        bool works = Shell.TryRun("tc", ["-n", Hub, "qdisc", "replace", "dev", "n1", "root", .. Netem]).Code == 0;
        Shell.TryRun("tc", "-n", Hub, "qdisc", "del", "dev", "n1", "root");
        return works;
    }

    /// <summary>One of the networks set aside for measurements (RFC 2544) that no link of this machine has.</summary>
    private static int FreeSubnet()
    {
        string taken = Shell.Run("ip", "-o", "-4", "addr", "show");
        return Enumerable.Range(0, 256).Select(i => (Environment.ProcessId + i) % 256)
            .First(subnet => !taken.Contains($" 198.18.{subnet}.", StringComparison.Ordinal));
    }

    private static string? FindObstacle()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "network namespaces need root";
        }

        string trial = $"{NetworkLeftovers.NamespacePrefix}{Environment.ProcessId}-trial";
        (int code, string output) = Shell.TryRun("ip", "netns", "add", trial);
        Shell.TryRun("ip", "netns", "del", trial);
        return code != 0 ? $"no network namespaces: {output}" : Shell.TryRun("tc", "-V").Code == 0 ? null : "tc is missing";
    }
}
