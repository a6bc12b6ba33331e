using System.Buffers.Binary;
using Samsa.Cluster.Tests.Nodes;

namespace Samsa.Cluster.Tests.Checking;

/// <summary>Compares the metadata logs that controllers have on disk: at each offset the very same batch, wherever two of them still have it.</summary>
internal static class MetadataComparison
{
    private const int BaseOffsetBytes = 8;
    private const int PrefixBytes = 12;

    /// <summary>What is different; also where two controllers have nothing in common that could be compared.</summary>
    public static IEnumerable<string> Differences(TestCluster cluster)
    {
        SortedDictionary<long, byte[]>[] logs = [.. cluster.Nodes.Select(n => Batches(Path.Combine(n.DataDirectory, "__cluster_metadata-0")))];
        for (int i = 1; i < logs.Length; i++)
        {
            long[] common = [.. logs[0].Keys.Intersect(logs[i].Keys)];
            if (common.Length == 0)
            {
                yield return $"nodes 1 and {i + 1} have no offset in common";
            }

            foreach (long offset in common.Where(o => !logs[0][o].AsSpan().SequenceEqual(logs[i][o])))
            {
                yield return $"nodes 1 and {i + 1} have different metadata at offset {offset}";
            }

            // Up to where both go, none has a batch that the other has not.
            long from = common.Length == 0 ? 0 : common[0];
            long to = Math.Min(logs[0].Keys.LastOrDefault(), logs[i].Keys.LastOrDefault());
            if (common.Length != logs[0].Keys.Count(o => o >= from && o <= to) || common.Length != logs[i].Keys.Count(o => o >= from && o <= to))
            {
                yield return $"nodes 1 and {i + 1} have batches at different offsets between {from} and {to}";
            }
        }
    }

    private static SortedDictionary<long, byte[]> Batches(string folder)
    {
        var batches = new SortedDictionary<long, byte[]>();
        foreach (string file in Directory.EnumerateFiles(folder, "*.log").Order(StringComparer.Ordinal))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int at = 0; at + PrefixBytes <= bytes.Length;)
            {
                int size = PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + BaseOffsetBytes));
                if (size <= PrefixBytes || at + size > bytes.Length)
                {
                    // The end of a log whose process was killed.
                    break;
                }

                batches[BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at))] = bytes[at..(at + size)];
                at += size;
            }
        }

        return batches;
    }
}
