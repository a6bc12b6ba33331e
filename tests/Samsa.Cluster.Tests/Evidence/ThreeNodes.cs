using Samsa.Cluster.Tests.Nodes;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>The cluster that the tests of this folder use.</summary>
internal static class ThreeNodes
{
    /// <summary>Defaults, but for what would make a test wait: groups begin at once, and a member that is gone is missed soon.</summary>
    public static readonly IReadOnlyDictionary<string, string> Properties = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["group.initial.rebalance.delay.ms"] = "100",
        ["group.min.session.timeout.ms"] = "1000",
        ["offsets.topic.num.partitions"] = "6",
        ["min.insync.replicas"] = "2",
    };

    public static ClusterOptions Options => new() { Nodes = 3, Voters = 3, DiskMegabytes = 256, Properties = Properties };
}
