using System.Net;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Server.Tests;

namespace Samsa.Cluster.Tests.Nodes;

/// <summary>Asks single nodes, message by message, what they believe of the cluster.</summary>
internal sealed class ClusterProbe(TestCluster cluster)
{
    private const short MetadataVersion = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The controller that leads, as the first node that can tell says; -1 when none can.</summary>
    public int Controller()
    {
        foreach (ClusterNode node in Reachable())
        {
            if (ControllerSeenBy(node.Id) is > 0 and int leader)
            {
                return leader;
            }
        }

        return -1;
    }

    /// <summary>The controller that leads, as one node says; -1 when it cannot tell.</summary>
    public int ControllerSeenBy(int node)
    {
        try
        {
            var request = new DescribeQuorumRequest
            {
                Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }],
            };
            using WireClient client = Connect(node);
            var answer = client.Call<DescribeQuorumResponse>(request, 1);
            var partition = answer.Topics.FirstOrDefault()?.Partitions.FirstOrDefault();
            return answer.ErrorCode == ErrorCode.None && partition is { ErrorCode: ErrorCode.None } ? partition.LeaderId.Value : -1;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return -1;
        }
    }

    /// <summary>All partitions of a topic as one node sees them; empty when it does not know the topic, or does not answer.</summary>
    public IReadOnlyList<PartitionState> PartitionsSeenBy(int node, string topic)
    {
        try
        {
            using WireClient client = Connect(node);
            var answer = client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = false }, MetadataVersion);
            return [.. answer.Topics.Single().Partitions.OrderBy(p => p.PartitionIndex).Select(p => new PartitionState(
                p.PartitionIndex, p.LeaderId.Value, p.LeaderEpoch.Value, [.. p.ReplicaNodes.Select(r => r.Value)], [.. p.IsrNodes.Select(r => r.Value)]))];
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return [];
        }
    }

    /// <summary>All partitions of a topic, as the first node says that answers.</summary>
    public IReadOnlyList<PartitionState> Partitions(string topic) =>
        Reachable().Select(n => PartitionsSeenBy(n.Id, topic)).FirstOrDefault(p => p.Count > 0) ?? [];

    /// <summary>Waits until every partition of the topic has a leader, and every replica is in sync, in the eyes of every node.</summary>
    public Task<TimeSpan> WholeAsync(string topic, TimeSpan within) => Until.HoldsAsync(
        () => cluster.Nodes.All(n => PartitionsSeenBy(n.Id, topic) is { Count: > 0 } partitions && partitions.All(p => p.IsWhole)),
        within,
        () => $"all replicas of {topic} in sync; they are {string.Join("; ", Partitions(topic))}");

    /// <summary>A connection to one node.</summary>
    public WireClient Connect(int node) => Connect(node, Patience);

    /// <summary>A connection to one node, which may take that long to be made, as may each answer.</summary>
    public WireClient Connect(int node, TimeSpan patience) => new(new IPEndPoint(IPAddress.Parse(cluster[node].Host), cluster[node].Port), patience);

    private IEnumerable<ClusterNode> Reachable() => cluster.Nodes.Where(n => n is { IsUp: true, IsPaused: false });
}

/// <summary>What a node says of a partition.</summary>
internal sealed record PartitionState(int Index, int Leader, int Epoch, int[] Replicas, int[] InSync)
{
    public bool IsWhole => Leader > 0 && InSync.Length == Replicas.Length;

    public override string ToString() => $"{Index}: leader {Leader} in epoch {Epoch}, replicas {string.Join(',', Replicas)}, in sync {string.Join(',', InSync)}";
}
