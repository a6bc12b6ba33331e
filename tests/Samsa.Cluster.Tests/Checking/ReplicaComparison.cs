using System.Globalization;
using Samsa.Cluster.Tests.Nodes;

namespace Samsa.Cluster.Tests.Checking;

/// <summary>Compares the logs that nodes have on disk, byte by byte, once nobody writes to them any more.</summary>
internal static class ReplicaComparison
{
    /// <summary>What is different between replicas of a partition; segments may begin at different offsets, the batches are the same.</summary>
    public static IEnumerable<string> Differences(TestCluster cluster, string topic, int partitions)
    {
        for (int partition = 0; partition < partitions; partition++)
        {
            string name = $"{topic}-{partition.ToString(CultureInfo.InvariantCulture)}";
            (int Node, byte[] Bytes)? first = null;
            foreach (ClusterNode node in cluster.Nodes)
            {
                string folder = Path.Combine(node.DataDirectory, name);
                if (!Directory.Exists(folder))
                {
                    continue;
                }

                byte[] bytes = [.. Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];
                if (first is not { } other)
                {
                    first = (node.Id, bytes);
                }
                else if (!bytes.AsSpan().SequenceEqual(other.Bytes))
                {
                    yield return $"{name}: node {node.Id} has {bytes.Length} bytes, node {other.Node} {other.Bytes.Length}; "
                        + $"the first difference is at {bytes.AsSpan().CommonPrefixLength(other.Bytes)}";
                }
            }
        }
    }
}
