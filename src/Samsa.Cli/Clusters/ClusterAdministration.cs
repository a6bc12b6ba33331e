using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Cli.Clusters;

/// <summary>What `samsa cluster` asks of a running cluster, and how it says what came of it.</summary>
internal static class ClusterAdministration
{
    /// <summary>Tells of brokers, controllers, and partitions that are not as they should be; also where no controller is active, as far as brokers know.</summary>
    public static async Task<int> DescribeAsync(ClusterConnection cluster, TextWriter output)
    {
        var brokers = await cluster.AskAsync<DescribeClusterResponse>(new DescribeClusterRequest { IncludeFencedBrokers = true });
        ClusterConnection.Check(brokers.ErrorCode, brokers.ErrorMessage);
        var topics = (await cluster.MetadataAsync()).Topics;
        await output.WriteLineAsync($"cluster {brokers.ClusterId}: {brokers.Brokers.Length} brokers, {topics.Length} topics, {topics.Sum(t => t.Partitions.Length)} partitions");
        foreach (var broker in brokers.Brokers.OrderBy(b => b.BrokerId.Value))
        {
            await output.WriteLineAsync(
                $"broker {broker.BrokerId} at {broker.Host}:{broker.Port}{(broker.Rack is null ? "" : $" in rack {broker.Rack}")}{(broker.IsFenced ? ", FENCED" : "")}");
        }

        foreach (var (topic, partition) in topics.SelectMany(t => t.Partitions.Select(p => (t.Name, p))).Where(p => p.p.IsrNodes.Length < p.p.ReplicaNodes.Length))
        {
            await output.WriteLineAsync(
                $"{topic}-{partition.PartitionIndex} is not whole: leader {partition.LeaderId}, replicas {Ids(partition.ReplicaNodes)}, in sync {Ids(partition.IsrNodes)}, offline {Ids(partition.OfflineReplicas)}");
        }

        return await DescribeControllersAsync(cluster, output);
    }

    /// <summary>Begins moves; each by itself is refused or not.</summary>
    public static async Task<int> MoveAsync(ClusterConnection cluster, IReadOnlyList<ReplicaMove> moves, TextWriter output, TextWriter error)
    {
        var answer = await cluster.AskAsync<AlterPartitionReassignmentsResponse>(new AlterPartitionReassignmentsRequest
        {
            Topics =
            [
                .. moves.GroupBy(m => m.Topic, StringComparer.Ordinal).Select(topic => new AlterPartitionReassignmentsRequest.ReassignableTopic
                {
                    Name = topic.Key,
                    Partitions =
                    [
                        .. topic.Select(m => new AlterPartitionReassignmentsRequest.ReassignablePartition { PartitionIndex = m.Partition, Replicas = m.Replicas }),
                    ],
                }),
            ],
        });
        ClusterConnection.Check(answer.ErrorCode, answer.ErrorMessage);
        var refused = answer.Responses.SelectMany(t => t.Partitions.Select(p => (t.Name, Partition: p))).Where(p => p.Partition.ErrorCode != ErrorCode.None)
            .ToDictionary(p => (p.Name, p.Partition.PartitionIndex), p => ClusterConnection.Say(p.Partition.ErrorCode, p.Partition.ErrorMessage));
        foreach (var move in moves)
        {
            await (refused.TryGetValue((move.Topic, move.Partition), out var reason)
                ? error.WriteLineAsync($"samsa: {move.Topic}-{move.Partition} is not moved: {reason}")
                : output.WriteLineAsync($"{move}"));
        }

        return refused.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Ends all moves that are under way.</summary>
    public static async Task<int> CancelAsync(ClusterConnection cluster, TextWriter output, TextWriter error) =>
        await MoveAsync(cluster, [.. (await MovesAsync(cluster)).Select(m => new ReplicaMove(m.Topic, m.Move.PartitionIndex, null))], output, error);

    /// <summary>Forgets a broker that will not come back.</summary>
    public static async Task<int> UnregisterAsync(ClusterConnection cluster, BrokerId broker, TextWriter output)
    {
        var answer = await cluster.AskAsync<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = broker });
        ClusterConnection.Check(answer.ErrorCode, answer.ErrorMessage);
        await output.WriteLineAsync($"broker {broker} is forgotten");
        return ExitCode.Success;
    }

    private static async Task<int> DescribeControllersAsync(ClusterConnection cluster, TextWriter output)
    {
        DescribeQuorumResponse quorum;
        try
        {
            quorum = await cluster.AskAsync<DescribeQuorumResponse>(
                new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] });
            ClusterConnection.Check(quorum.ErrorCode, quorum.ErrorMessage);
        }
        catch (IOException e)
        {
            await output.WriteLineAsync($"no controller is active, or none can be reached: {e.Message}");
            return ExitCode.Failure;
        }

        var state = quorum.Topics[0].Partitions[0];
        foreach (var voter in state.CurrentVoters.OrderBy(v => v.ReplicaId.Value))
        {
            await output.WriteLineAsync(voter.ReplicaId == state.LeaderId
                ? $"controller {voter.ReplicaId} is active, in epoch {state.LeaderEpoch}; the metadata ends at {state.HighWatermark}"
                : $"controller {voter.ReplicaId} follows{(voter.LogEndOffset.IsPosition ? $", at {voter.LogEndOffset}" : "")}");
        }

        foreach (var (topic, move) in await MovesAsync(cluster))
        {
            await output.WriteLineAsync(
                $"{topic}-{move.PartitionIndex} is being moved: replicas {Ids(move.Replicas)}, adding {Ids(move.AddingReplicas)}, removing {Ids(move.RemovingReplicas)}");
        }

        return ExitCode.Success;
    }

    private static async Task<List<(string Topic, ListPartitionReassignmentsResponse.OngoingPartitionReassignment Move)>> MovesAsync(ClusterConnection cluster)
    {
        var answer = await cluster.AskAsync<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest());
        ClusterConnection.Check(answer.ErrorCode, answer.ErrorMessage);
        return [.. answer.Topics.SelectMany(t => t.Partitions.Select(p => (t.Name, p)))];
    }

    private static string Ids(BrokerId[] brokers) => brokers.Length == 0 ? "none" : string.Join(',', brokers);
}
