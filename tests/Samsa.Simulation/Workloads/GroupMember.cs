using System.Buffers.Binary;
using Samsa.Broker.Peers;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Simulation;

/// <summary>
/// A member of a classic consumer group: joins, reads the partitions it is given from where the group left off, commits, and joins again
/// when told to. After a commit whose outcome it does not know it leaves and comes back as somebody else, so that the old one is fenced.
/// </summary>
internal sealed class GroupMember(SimulatedClient client, string group, string topic, History history, GroupHistory commits)
{
    private const string Protocol = "range";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_joinTimeout = TimeSpan.FromSeconds(25);
    private readonly Dictionary<TopicPartition, Offset> _positions = [];
    private PeerAddress? _coordinator;
    private string _memberId = "";
    private int _generation = -1;

    /// <summary>Consumes for ever.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            try
            {
                if (client.Topic(topic) is null)
                {
                    await client.RefreshAsync(topic);
                }
                else if (await FindCoordinatorAsync() && await JoinAsync() && await ResumeAsync())
                {
                    await ConsumeAsync();
                    continue;
                }
            }
            catch (IOException)
            {
                // The coordinator went away, or one was asked that knows nothing of it.
                _coordinator = null;
            }

            await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(50, 300)));
        }
    }

    private static byte[] Subscription(string topic)
    {
        var name = System.Text.Encoding.UTF8.GetBytes(topic);
        var bytes = new byte[2 + 4 + 2 + name.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2), 1);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(6), (short)name.Length);
        name.CopyTo(bytes, 8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8 + name.Length), -1);
        return bytes;
    }

    private async Task<bool> FindCoordinatorAsync()
    {
        if (_coordinator is not null)
        {
            return true;
        }

        var answer = await client.AskAsync<FindCoordinatorResponse>(
            client.AnyBroker(), new FindCoordinatorRequest { CoordinatorKeys = [group] }, s_timeout);
        if (answer.Coordinators is [{ ErrorCode: ErrorCode.None } found])
        {
            _coordinator = new PeerAddress(found.Host, found.Port);
        }

        return _coordinator is not null;
    }

    private async Task<bool> JoinAsync()
    {
        var joined = await client.AskAsync<JoinGroupResponse>(
            _coordinator!.Value,
            new JoinGroupRequest
            {
                GroupId = group,
                SessionTimeoutMs = 8_000,
                RebalanceTimeoutMs = 12_000,
                MemberId = _memberId,
                ProtocolType = "consumer",
                Protocols = [new() { Name = Protocol, Metadata = Subscription(topic) }],
            },
            s_joinTimeout);
        if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            _memberId = joined.MemberId;
            return await JoinAsync();
        }

        if (!Is(joined.ErrorCode))
        {
            return false;
        }

        (_memberId, _generation) = (joined.MemberId, joined.GenerationId);
        using var answer = await client.AskForRecordsAsync<SyncGroupResponse>(
            _coordinator!.Value,
            new SyncGroupRequest
            {
                GroupId = group,
                GenerationId = _generation,
                MemberId = _memberId,
                ProtocolType = "consumer",
                ProtocolName = Protocol,
                Assignments = joined.Leader == _memberId ? Assign([.. joined.Members.Select(m => m.MemberId)]) : [],
            },
            s_joinTimeout);
        var synced = answer.Response;
        if (!Is(synced.ErrorCode))
        {
            return false;
        }

        _positions.Clear();
        for (var at = 0; at < synced.Assignment.Length; at += 4)
        {
            _positions[new TopicPartition(topic, BinaryPrimitives.ReadInt32BigEndian(synced.Assignment.Span[at..]))] = Offset.None;
        }

        commits.Assigned(_generation, _memberId, _positions.Keys);
        client.Process.World.Say($"{client.Name} generation {_generation}: {string.Join(", ", _positions.Keys)}");
        return true;
    }

    // What an assignment looks like is between members: the numbers of the partitions.
    private SyncGroupRequest.SyncGroupRequestAssignment[] Assign(string[] members)
    {
        Array.Sort(members, StringComparer.Ordinal);
        var partitions = client.Topic(topic)!.Partitions.Length;
        return
        [
            .. members.Select((member, index) =>
            {
                var own = Enumerable.Range(0, partitions).Where(p => p % members.Length == index).ToArray();
                var bytes = new byte[own.Length * 4];
                for (var i = 0; i < own.Length; i++)
                {
                    BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * 4), own[i]);
                }

                return new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member, Assignment = bytes };
            }),
        ];
    }

    private async Task<bool> ResumeAsync()
    {
        if (_positions.Count == 0)
        {
            return true;
        }

        var known = _positions.Keys.ToDictionary(p => p, commits.CommittedOf);
        var id = client.Topic(topic)!.TopicId;
        int[] indexes = [.. _positions.Keys.Select(p => p.Partition)];
        var answer = await client.AskAsync<OffsetFetchResponse>(
            _coordinator!.Value,
            new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = [new() { Name = topic, TopicId = id, PartitionIndexes = indexes }] }] },
            s_timeout);
        if (answer.Groups is not [{ ErrorCode: ErrorCode.None, Topics: [var found] }])
        {
            _coordinator = null;
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
            _positions[name] = Offset.Max(Offset.Zero, partition.CommittedOffset);
        }

        return true;
    }

    private async Task ConsumeAsync()
    {
        while (true)
        {
            var before = _positions.ToDictionary(p => p.Key, p => p.Value);
            foreach (var partition in before.Keys)
            {
                await ReadAsync(partition);
            }

            var moved = _positions.Where(p => p.Value != before[p.Key]).ToDictionary(p => p.Key, p => p.Value);
            if ((moved.Count > 0 && !await CommitAsync(moved)) || !await HeartbeatAsync())
            {
                return;
            }

            await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(100, 800)));
        }
    }

    private async Task ReadAsync(TopicPartition partition)
    {
        try
        {
            if (client.LeaderOf(partition) is { } leader)
            {
                var request = Reader.Request(client, partition, _positions[partition], maxWaitMs: 0);
                using var answer = await client.AskForRecordsAsync<FetchResponse>(leader, request, s_timeout);
                if (answer.Response.ErrorCode == ErrorCode.None && answer.Response.Responses is [{ Partitions: [{ ErrorCode: ErrorCode.None } data] }])
                {
                    foreach (var batch in RecordBatch.Enumerate(data.Records.Memory))
                    {
                        history.Of(partition).Compare(batch.Header, client.Name);
                        _positions[partition] = batch.Header.NextOffset;
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

    private async Task<bool> CommitAsync(Dictionary<TopicPartition, Offset> moved)
    {
        foreach (var (partition, offset) in moved)
        {
            commits.Committing(partition, offset);
        }

        try
        {
            var answer = await client.AskAsync<OffsetCommitResponse>(_coordinator!.Value, Commit(moved), s_timeout);
            foreach (var partition in answer.Topics[0].Partitions)
            {
                if (!Is(partition.ErrorCode))
                {
                    await LeaveAsync();
                    return false;
                }

                var name = new TopicPartition(topic, partition.PartitionIndex);
                commits.Committed(name, moved[name]);
            }

            return true;
        }
        catch (IOException)
        {
            await LeaveAsync();
            return false;
        }
    }

    private OffsetCommitRequest Commit(Dictionary<TopicPartition, Offset> moved) => new()
    {
        GroupId = group,
        GenerationIdOrMemberEpoch = _generation,
        MemberId = _memberId,
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

    private async Task<bool> HeartbeatAsync()
    {
        var answer = await client.AskAsync<HeartbeatResponse>(
            _coordinator!.Value, new HeartbeatRequest { GroupId = group, GenerationId = _generation, MemberId = _memberId }, s_timeout);
        return Is(answer.ErrorCode);
    }

    private async Task LeaveAsync()
    {
        var left = _memberId;
        _memberId = "";
        if (_coordinator is null || left.Length == 0)
        {
            return;
        }

        await client.AskAsync<LeaveGroupResponse>(
            _coordinator!.Value, new LeaveGroupRequest { GroupId = group, Members = [new() { MemberId = left }] }, s_timeout);
    }

    private bool Is(ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                _coordinator = null;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                _memberId = "";
                break;
        }

        return error == ErrorCode.None;
    }
}
