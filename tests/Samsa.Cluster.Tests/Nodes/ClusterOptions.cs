namespace Samsa.Cluster.Tests.Nodes;

/// <summary>What a cluster of a test looks like.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How many processes; they get the ids 1 to N.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>How many of them are controllers too.</summary>
    public int Voters { get; init; } = 3;

    /// <summary>Size of each node's disk, where the machine lets disks be made; 0 for plain folders.</summary>
    public int DiskMegabytes { get; init; }

    /// <summary>Whether a network of its own is wanted, with links that can be cut.</summary>
    public bool HasLinks { get; init; } = true;

    /// <summary>Settings of every node, beyond those that make it one of this cluster.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
