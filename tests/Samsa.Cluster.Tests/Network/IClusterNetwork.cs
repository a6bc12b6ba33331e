namespace Samsa.Cluster.Tests.Network;

/// <summary>Where the nodes of a cluster live, and what can happen between them. Nodes have the numbers 1 to N.</summary>
internal interface IClusterNetwork : IDisposable
{
    /// <summary>Whether links can be cut and slowed; otherwise the members that do so throw.</summary>
    bool HasLinks { get; }

    /// <summary>A sentence for the run's report.</summary>
    string Description { get; }

    /// <summary>The address of a node, for its peers and for clients.</summary>
    string HostOf(int node);

    /// <summary>What a node's process is started by; see <see cref="Samsa.Interop.Processes.BrokerSettings.RunBy"/>.</summary>
    IReadOnlyList<string> RunBy(int node);

    /// <summary>Nothing reaches the node any more, nor leaves it. Clients are cut off as well.</summary>
    void Unplug(int node);

    /// <summary>What one node sends to another is lost on the way; nobody is told.</summary>
    void Lose(int from, int to);

    /// <summary>Both directions of the node's link become narrow and slow.</summary>
    void Slow(int node);

    /// <summary>All links are as new.</summary>
    void Heal();
}
