using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Simulation;

/// <summary>
/// A member of a group of the new protocol (KIP-848): it says that it is there, takes what it is given, gives up what it is not given any more, and
/// reads and commits in between. At times it leaves, or is gone without a word, and comes back as somebody else; so it does after a commit whose
/// outcome it does not know.
/// </summary>
internal sealed class ConsumerMember(SimulatedClient client, string group, string topic, History history, GroupHistory commits)
{
    /// <summary>How long the coordinator waits for a member: <c>group.consumer.session.timeout.ms</c>.</summary>
    public static readonly TimeSpan Session = TimeSpan.FromSeconds(8);

    private readonly GroupClient _shared = new(client, group, topic, history, commits);
    private string _memberId = "";
    private int _epoch;
    private int _selves;

    // What the coordinator has not been told yet, or not for sure.
    private bool _mustTellAll;
    private bool _mustTellOwned;

    /// <summary>Consumes for ever.</summary>
    public async Task RunAsync()
    {
        BecomeSomebodyElse();
        while (true)
        {
            try
            {
                if (client.Topic(topic) is null)
                {
                    await client.RefreshAsync(topic);
                }
                else if (await _shared.FindCoordinatorAsync())
                {
                    await ComeOrGoAsync();
                }
            }
            catch (IOException)
            {
                // What was asked may have happened: the next heartbeat says everything.
                (_shared.Coordinator, _mustTellAll) = (null, true);
            }

            await client.RestAsync(TimeSpan.FromMilliseconds(client.Random.Next(100, 800)));
        }
    }

    private async Task ComeOrGoAsync()
    {
        switch (client.Random.Next(120))
        {
            case 0:
                await LeaveAsync();
                break;
            case 1:
                BecomeSomebodyElse();
                break;
            default:
                if (await HeartbeatAsync() && await _shared.ResumeAsync(_memberId, _epoch))
                {
                    await ReadAsync();
                }

                break;
        }
    }

    private async Task<bool> HeartbeatAsync()
    {
        var (isFull, owned) = (_epoch == 0 || _mustTellAll, _shared.Positions.Keys.Select(p => p.Partition).Order().ToArray());
        var sent = client.Process.World.Now;
        var answer = await client.AskAsync<ConsumerGroupHeartbeatResponse>(
            _shared.Coordinator!.Value,
            new ConsumerGroupHeartbeatRequest
            {
                GroupId = group,
                MemberId = _memberId,
                MemberEpoch = _epoch,
                RebalanceTimeoutMs = isFull ? 12_000 : -1,
                SubscribedTopicNames = isFull ? [topic] : null,
                TopicPartitions = !isFull && !_mustTellOwned ? null
                    : owned.Length == 0 ? []
                    : [new() { TopicId = client.Topic(topic)!.TopicId, Partitions = owned }],
            },
            GroupClient.Timeout);
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                (_epoch, _mustTellAll, _mustTellOwned) = (answer.MemberEpoch, false, false);
                if (answer.Assignment is { } assignment)
                {
                    Take([.. assignment.TopicPartitions.SelectMany(t => t.Partitions).Select(p => new TopicPartition(topic, p))]);
                }

                commits.Holds(_memberId, [.. _shared.Positions.Keys], sent, client.Process.World.Now, Session);
                return true;
            case ErrorCode.FencedMemberEpoch:
                // All it has is lost; it may come back as who it is.
                HasNothing();
                return false;
            case ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                BecomeSomebodyElse();
                return false;
            default:
                (_shared.Coordinator, _mustTellAll) = (null, true);
                return false;
        }
    }

    // All that was read is committed by now: what it gives up it gives up at once, and says so with the next heartbeat.
    private void Take(HashSet<TopicPartition> assigned)
    {
        commits.Assigned(_epoch, _memberId, assigned);
        foreach (var partition in _shared.Positions.Keys.Where(p => !assigned.Contains(p)).ToArray())
        {
            _shared.Positions.Remove(partition);
            _mustTellOwned = true;
        }

        foreach (var partition in assigned)
        {
            _mustTellOwned |= _shared.Positions.TryAdd(partition, Offset.None);
        }

        client.Process.World.Say($"{client.Name} is {_memberId} in epoch {_epoch}: {string.Join(", ", assigned)}");
    }

    private async Task ReadAsync()
    {
        var moved = await _shared.ReadAsync();
        if (moved.Count == 0)
        {
            return;
        }

        try
        {
            var error = await _shared.CommitAsync(_memberId, _epoch, moved);
            if (error == ErrorCode.None)
            {
                return;
            }

            client.Process.World.Say($"{client.Name} cannot commit as {_memberId} in epoch {_epoch}: {error}");
        }
        catch (IOException)
        {
            // It may be committed yet, and must not be after somebody else has gone on.
        }

        await LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        var left = _memberId;
        var request = new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = left, MemberEpoch = -1 };
        var hasJoined = _epoch > 0;
        BecomeSomebodyElse();
        if (hasJoined)
        {
            await client.AskAsync<ConsumerGroupHeartbeatResponse>(_shared.Coordinator!.Value, request, GroupClient.Timeout);
        }
    }

    private void BecomeSomebodyElse()
    {
        // KIP-1082: a member makes its own id.
        HasNothing();
        _memberId = $"{client.Name}-{++_selves}";
    }

    private void HasNothing()
    {
        _epoch = 0;
        _shared.Positions.Clear();
        commits.HasNothing(_memberId);
    }
}
