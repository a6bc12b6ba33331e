using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Consumer;

/// <summary>The consumer group protocol (KIP-848) whole: what members ask, what happens when they say nothing, and what a replay brings back.</summary>
internal sealed class ConsumerProtocol
{
    private readonly GroupContext _context;
    private readonly ConsumerGroupWriter _writer;
    private readonly ConsumerRebalance _rebalance;
    private readonly GroupMigration _migration;
    private readonly ConsumerHeartbeat _heartbeat;

    public ConsumerProtocol(GroupContext context)
    {
        _context = context;
        _writer = new ConsumerGroupWriter(context);
        _rebalance = new ConsumerRebalance(context, _writer);
        _migration = new GroupMigration(context, _writer, _rebalance);
        _heartbeat = new ConsumerHeartbeat(context, _writer, _rebalance, _migration);
        ClassicMembers = new ClassicMembers(context, _rebalance, _migration);
    }

    /// <summary>Members of the classic protocol in consumer groups.</summary>
    public ClassicMembers ClassicMembers { get; }

    public ConsumerGroupHeartbeatResponse Heartbeat(ConsumerGroupHeartbeatRequest request, in GroupRequest from, GroupEffects effects) =>
        _heartbeat.Handle(request, from, effects);

    public ConsumerGroupDescribeResponse Describe(ConsumerGroupDescribeRequest request) => new()
    {
        Groups = [.. request.GroupIds.Select(Describe)],
    };

    /// <summary>Makes room for a classic group of the same name, where the group has no members.</summary>
    public void RemoveEmpty(ConsumerGroup group, GroupEffects effects)
    {
        Invariant.Holds(group.IsEmpty);
        _writer.Remove(group, effects);
    }

    /// <summary>A member's reminder came: whether one of its deadlines has.</summary>
    public void OnDeadline(in Deadline due, long nowMs, GroupEffects effects)
    {
        if (_context.Groups.GetValueOrDefault(due.GroupId) is not ConsumerGroup group
            || !group.Members.TryGetValue(due.MemberId, out var member)
            || nowMs < member.ReminderMs)
        {
            return;
        }

        member.ReminderMs = long.MaxValue;
        if (nowMs < member.NextDeadlineMs)
        {
            _rebalance.Remind(group, member);
        }
        else
        {
            _migration.RemoveOrDowngrade(group, member, nowMs, effects);
        }
    }

    /// <summary>Takes in one record while the shard is loaded.</summary>
    public void Replay(IMessage key, IMessage? value) => _writer.Apply(key, value);

    /// <summary>The last record was replayed: sessions begin now.</summary>
    public void Loaded(long nowMs)
    {
        foreach (var group in _context.Groups.Values.OfType<ConsumerGroup>())
        {
            group.CountHolders();
            foreach (var member in group.Members.Values)
            {
                member.SessionDeadlineMs = nowMs + (member.Profile.Classic?.SessionTimeoutMs ?? _context.Settings.ConsumerTimesOf(group.Id).SessionTimeoutMs);
                if (!member.IsClassic && member.Progress.State == MemberState.UnrevokedPartitions)
                {
                    member.RevocationDeadlineMs = nowMs + member.Profile.RebalanceTimeoutMs;
                }

                _rebalance.Remind(group, member);
            }
        }
    }

    private ConsumerGroupDescribeResponse.DescribedGroup Describe(string id)
    {
        if (_context.Groups.GetValueOrDefault(id) is not ConsumerGroup group)
        {
            var (error, message) = id.Length == 0 ? (ErrorCode.InvalidGroupId, "GroupId can't be empty.")
                : !_context.Settings.ConsumerProtocolEnabled ? (ErrorCode.UnsupportedVersion, "The consumer group protocol is disabled.")
                : (ErrorCode.GroupIdNotFound, _context.Groups.ContainsKey(id) ? $"Group {id} is not a consumer group." : $"Group {id} not found.");
            return new() { GroupId = id, ErrorCode = error, ErrorMessage = message };
        }

        return new()
        {
            GroupId = id,
            GroupState = group.StateName,
            GroupEpoch = group.Epoch,
            AssignmentEpoch = group.AssignmentEpoch,
            AssignorName = _rebalance.PreferredAssignor(group),
            Members =
            [
                .. group.Members.Values.Select(m => new ConsumerGroupDescribeResponse.Member
                {
                    MemberId = m.Id,
                    InstanceId = m.Profile.InstanceId,
                    RackId = m.Profile.RackId,
                    MemberEpoch = m.Progress.Epoch,
                    ClientId = m.Profile.ClientId,
                    ClientHost = m.Profile.ClientHost,
                    SubscribedTopicNames = [.. m.Profile.Topics],
                    SubscribedTopicRegex = m.Profile.Regex,
                    Assignment = AssignmentOf(m.Progress.Assigned.Keys),
                    TargetAssignment = AssignmentOf(m.Target),
                    MemberType = (sbyte)(m.IsClassic ? 0 : 1),
                }),
            ],
        };
    }

    private ConsumerGroupDescribeResponse.Assignment AssignmentOf(IEnumerable<TopicIdPartition> partitions) => new()
    {
        TopicPartitions =
        [
            .. partitions
                .ByTopic((topic, indexes) => new ConsumerGroupDescribeResponse.TopicPartitions
                {
                    TopicId = topic, TopicName = _context.Topics.NameOf(topic) ?? "", Partitions = indexes,
                })
                .Where(t => t.TopicName.Length > 0),
        ],
    };
}
