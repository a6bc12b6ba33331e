using System.Buffers.Binary;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Simulation;

/// <summary>
/// A member of a classic consumer group: joins, reads the partitions it is given from where the group left off, commits, and joins again
/// when told to. After a commit whose outcome it does not know it leaves and comes back as somebody else, so that the old one is fenced.
/// </summary>
internal sealed class GroupMember(SimulatedClient client, string group, string topic, History history, GroupHistory commits)
{
    private const string Protocol = "range";
    private static readonly TimeSpan s_joinTimeout = TimeSpan.FromSeconds(25);
    private readonly GroupClient _shared = new(client, group, topic, history, commits);
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
                else if (await _shared.FindCoordinatorAsync() && await JoinAsync() && await _shared.ResumeAsync())
                {
                    await ConsumeAsync();
                    continue;
                }
            }
            catch (IOException)
            {
                // The coordinator went away, or one was asked that knows nothing of it.
                _shared.Coordinator = null;
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

    private async Task<bool> JoinAsync()
    {
        var joined = await client.AskAsync<JoinGroupResponse>(
            _shared.Coordinator!.Value,
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
            _shared.Coordinator!.Value,
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

        _shared.Positions.Clear();
        for (var at = 0; at < synced.Assignment.Length; at += 4)
        {
            _shared.Positions[new TopicPartition(topic, BinaryPrimitives.ReadInt32BigEndian(synced.Assignment.Span[at..]))] = Offset.None;
        }

        commits.Assigned(_generation, _memberId, _shared.Positions.Keys);
        client.Process.World.Say($"{client.Name} generation {_generation}: {string.Join(", ", _shared.Positions.Keys)}");
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

    private async Task ConsumeAsync()
    {
        while (true)
        {
            var moved = await _shared.ReadAsync();
            if ((moved.Count > 0 && !await CommitAsync(moved)) || !await HeartbeatAsync())
            {
                return;
            }

            await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(100, 800)));
        }
    }

    private async Task<bool> CommitAsync(Dictionary<TopicPartition, Offset> moved)
    {
        try
        {
            if (Is(await _shared.CommitAsync(_memberId, _generation, moved)))
            {
                return true;
            }
        }
        catch (IOException)
        {
            // It may be committed yet, and must not be after somebody else has gone on.
        }

        await LeaveAsync();
        return false;
    }

    private async Task<bool> HeartbeatAsync()
    {
        var answer = await client.AskAsync<HeartbeatResponse>(
            _shared.Coordinator!.Value, new HeartbeatRequest { GroupId = group, GenerationId = _generation, MemberId = _memberId }, GroupClient.Timeout);
        return Is(answer.ErrorCode);
    }

    private async Task LeaveAsync()
    {
        var left = _memberId;
        _memberId = "";
        if (_shared.Coordinator is null || left.Length == 0)
        {
            return;
        }

        await client.AskAsync<LeaveGroupResponse>(
            _shared.Coordinator!.Value, new LeaveGroupRequest { GroupId = group, Members = [new() { MemberId = left }] }, GroupClient.Timeout);
    }

    private bool Is(ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                _shared.Coordinator = null;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId:
                _memberId = "";
                break;
        }

        return error == ErrorCode.None;
    }
}
