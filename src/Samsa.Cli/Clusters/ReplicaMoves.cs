using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Cli.Clusters;

/// <summary>Which replicas go where. What comes out is the whole new list of replicas of each partition that changes.</summary>
internal static class ReplicaMoves
{
    /// <summary>All partitions of a topic, or one of them, get these replicas, the preferred leader first.</summary>
    public static List<ReplicaMove> Place(IEnumerable<MetadataResponse.MetadataResponseTopic> topics, string topic, int? partition, BrokerId[] replicas) =>
    [
        .. topics.Where(t => t.Name == topic).SelectMany(t => t.Partitions)
            .Where(p => partition is null || p.PartitionIndex == partition)
            .Select(p => new ReplicaMove(topic, p.PartitionIndex, replicas)),
    ];

    /// <summary>
    /// Every replica on one broker goes to one of the others, to whichever has the fewest by then; who has the partition already does not get
    /// it twice. The order stays, so that a preferred leader is replaced by one.
    /// </summary>
    /// <exception cref="IOException">A partition has replicas on all of them already.</exception>
    public static List<ReplicaMove> Drain(IReadOnlyList<MetadataResponse.MetadataResponseTopic> topics, BrokerId from, BrokerId[] to)
    {
        var load = to.Distinct().Where(b => b != from).ToDictionary(b => b, b => topics.Sum(t => t.Partitions.Count(p => p.ReplicaNodes.Contains(b))));
        var moves = new List<ReplicaMove>();
        foreach (var topic in topics)
        {
            foreach (var partition in topic.Partitions.Where(p => p.ReplicaNodes.Contains(from)))
            {
                BrokerId[] free = [.. load.Keys.Where(b => !partition.ReplicaNodes.Contains(b))];
                if (free.Length == 0)
                {
                    throw new IOException(
                        $"{topic.Name}-{partition.PartitionIndex} is on {string.Join(',', partition.ReplicaNodes)} already: none of the brokers given can take the replica of broker {from}");
                }

                var taker = free.MinBy(b => (load[b], b.Value));
                load[taker]++;
                moves.Add(new ReplicaMove(topic.Name!, partition.PartitionIndex, Array.ConvertAll(partition.ReplicaNodes, b => b == from ? taker : b)));
            }
        }

        return moves;
    }
}

/// <summary>New replicas of a partition.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its index.</param>
/// <param name="Replicas">All of them, the preferred leader first; null ends a move that is under way.</param>
internal sealed record ReplicaMove(string Topic, int Partition, BrokerId[]? Replicas)
{
    public override string ToString() => $"{Topic}-{Partition}: {(Replicas is null ? "stays where it was" : $"replicas {string.Join(',', Replicas)}")}";
}
