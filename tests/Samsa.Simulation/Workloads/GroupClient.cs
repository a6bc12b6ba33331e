using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>What members of both protocols do alike: find the coordinator, ask where to go on, read, commit. What they are told is held against the rules.</summary>
internal sealed class GroupClient(SimulatedClient client, string group, string topic, History history, GroupHistory commits)
{
    /// <summary>How long it waits for an answer that comes at once.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>Where the coordinator is; null where it has to be looked for.</summary>
    public PeerAddress? Coordinator { get; set; }

    /// <summary>The partitions it has, and from where it reads each; none where it has not asked yet.</summary>
    public Dictionary<TopicPartition, Offset> Positions { get; } = [];

    /// <summary>Looks for the coordinator, once.</summary>
    public async Task<bool> FindCoordinatorAsync()
    {
        if (Coordinator is not null)
        {
            return true;
        }

        var answer = await client.AskAsync<FindCoordinatorResponse>(
            client.AnyBroker(), new FindCoordinatorRequest { CoordinatorKeys = [group] }, Timeout);
        if (answer.Coordinators is [{ ErrorCode: ErrorCode.None } found])
        {
            Coordinator = new PeerAddress(found.Host, found.Port);
        }

        return Coordinator is not null;
    }

    /// <summary>Asks where to go on with the partitions that it has not read from yet.</summary>
    /// <param name="memberId">Who asks; null where the protocol does not say.</param>
    /// <param name="epoch">Its member epoch; -1 without.</param>
    public async Task<bool> ResumeAsync(string? memberId = null, int epoch = -1)
    {
        var known = Positions.Where(p => p.Value == Offset.None).ToDictionary(p => p.Key, p => commits.CommittedOf(p.Key));
        if (known.Count == 0)
        {
            return true;
        }

        var id = client.Topic(topic)!.TopicId;
        int[] indexes = [.. known.Keys.Select(p => p.Partition)];
        var answer = await client.AskAsync<OffsetFetchResponse>(
            Coordinator!.Value,
            new OffsetFetchRequest
            {
                Groups = [new() { GroupId = group, MemberId = memberId, MemberEpoch = epoch, Topics = [new() { Name = topic, TopicId = id, PartitionIndexes = indexes }] }],
            },
            Timeout);
        if (answer.Groups is not [{ ErrorCode: ErrorCode.None, Topics: [var found] }])
        {
            Coordinator = null;
            return false;
        }

        foreach (var partition in found.Partitions)
        {
            if (partition.ErrorCode != ErrorCode.None)
            {
                return false;
            }

            var name = new TopicPartition(topic, partition.PartitionIndex);
            commits.Found(name, partition.CommittedOffset, known[name]);
            Positions[name] = Offset.Max(Offset.Zero, partition.CommittedOffset);
        }

        return true;
    }

    /// <summary>Reads every partition once.</summary>
    /// <returns>Where those are now of which something was read.</returns>
    public async Task<Dictionary<TopicPartition, Offset>> ReadAsync()
    {
        var before = Positions.ToDictionary(p => p.Key, p => p.Value);
        foreach (var partition in before.Keys)
        {
            await ReadAsync(partition);
        }

        return Positions.Where(p => p.Value != before[p.Key]).ToDictionary(p => p.Key, p => p.Value);
    }

    /// <summary>Commits, as a member in a generation or member epoch.</summary>
    /// <returns>The first error, or none.</returns>
    /// <exception cref="IOException">No answer: the outcome is unknown.</exception>
    public async Task<ErrorCode> CommitAsync(string memberId, int generation, Dictionary<TopicPartition, Offset> moved)
    {
        foreach (var (partition, offset) in moved)
        {
            commits.Committing(partition, offset);
        }

        var answer = await client.AskAsync<OffsetCommitResponse>(Coordinator!.Value, Commit(memberId, generation, moved), Timeout);
        foreach (var partition in answer.Topics[0].Partitions)
        {
            if (partition.ErrorCode != ErrorCode.None)
            {
                return partition.ErrorCode;
            }

            var name = new TopicPartition(topic, partition.PartitionIndex);
            commits.Committed(name, moved[name]);
        }

        return ErrorCode.None;
    }

    private async Task ReadAsync(TopicPartition partition)
    {
        try
        {
            if (client.LeaderOf(partition) is { } leader)
            {
                var request = Reader.Request(client, partition, Positions[partition], maxWaitMs: 0);
                using var answer = await client.AskForRecordsAsync<FetchResponse>(leader, request, Timeout);
                if (answer.Response.ErrorCode == ErrorCode.None && answer.Response.Responses is [{ Partitions: [{ ErrorCode: ErrorCode.None } data] }])
                {
                    foreach (var batch in RecordBatch.Enumerate(data.Records.Memory))
                    {
                        history.Of(partition).Compare(batch.Header, client.Name);
                        Positions[partition] = batch.Header.NextOffset;
                    }

                    return;
                }
            }
        }
        catch (IOException)
        {
            // Read again later.
        }

        await client.RefreshAsync(topic);
    }

    private OffsetCommitRequest Commit(string memberId, int generation, Dictionary<TopicPartition, Offset> moved) => new()
    {
        GroupId = group,
        GenerationIdOrMemberEpoch = generation,
        MemberId = memberId,
        Topics =
        [
            new()
            {
                Name = topic,
                TopicId = client.Topic(topic)!.TopicId,
                Partitions = [.. moved.Select(m => new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = m.Key.Partition, CommittedOffset = m.Value, CommittedMetadata = "" })],
            },
        ],
    };
}
