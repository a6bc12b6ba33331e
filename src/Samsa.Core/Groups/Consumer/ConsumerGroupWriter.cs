using Samsa.Protocol;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>Changes consumer groups: each change is a record that is appended and applied at once, and applied again in a replay.</summary>
internal sealed class ConsumerGroupWriter(GroupContext context)
{
    public void Member(ConsumerGroup group, string memberId, MemberProfile? profile, GroupEffects effects) =>
        Write(new ConsumerGroupMemberMetadataKey { GroupId = group.Id, MemberId = memberId }, profile?.ToRecord(), effects);

    public void Progress(ConsumerGroup group, string memberId, MemberProgress? progress, GroupEffects effects) =>
        Write(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group.Id, MemberId = memberId }, progress?.ToRecord(), effects);

    public void Target(ConsumerGroup group, string memberId, IReadOnlySet<TopicIdPartition>? target, GroupEffects effects) => Write(
        new ConsumerGroupTargetAssignmentMemberKey { GroupId = group.Id, MemberId = memberId },
        target is null ? null : new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = target.ByTopic((topic, indexes) => new ConsumerGroupTargetAssignmentMemberValue.TopicPartition
            {
                TopicId = topic, Partitions = indexes,
            }),
        },
        effects);

    public void TargetEpoch(ConsumerGroup group, int epoch, long nowMs, GroupEffects effects) => Write(
        new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group.Id },
        new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch, AssignmentTimestamp = nowMs },
        effects);

    public void Epoch(ConsumerGroup group, int epoch, long topicsHash, GroupEffects effects)
    {
        Write(
            new ConsumerGroupMetadataKey { GroupId = group.Id },
            new ConsumerGroupMetadataValue { Epoch = epoch, MetadataHash = topicsHash },
            effects);
        if (group.HasPartitionMetadata)
        {
            Write(new ConsumerGroupPartitionMetadataKey { GroupId = group.Id }, value: null, effects);
        }
    }

    public void Regex(ConsumerGroup group, string regex, ConsumerGroupRegularExpressionValue? value, GroupEffects effects) =>
        Write(new ConsumerGroupRegularExpressionKey { GroupId = group.Id, RegularExpression = regex }, value, effects);

    /// <summary>Takes a member out, without a new epoch.</summary>
    public void Remove(ConsumerGroup group, string memberId, GroupEffects effects)
    {
        Progress(group, memberId, progress: null, effects);
        Target(group, memberId, target: null, effects);
        Member(group, memberId, profile: null, effects);
    }

    /// <summary>Takes the whole group away.</summary>
    public void Remove(ConsumerGroup group, GroupEffects effects)
    {
        group.AppendTombstones(effects);
        _ = context.Groups.Remove(group.Id);
    }

    /// <summary>Takes in one record, live or in a replay.</summary>
    public void Apply(IMessage key, IMessage? value)
    {
        switch (key)
        {
            case ConsumerGroupMetadataKey k when value is ConsumerGroupMetadataValue v:
                GroupOf(k.GroupId).Apply(v);
                break;
            case ConsumerGroupMetadataKey k:
                if (Find(k.GroupId) is not null)
                {
                    _ = context.Groups.Remove(k.GroupId);
                }

                break;
            case ConsumerGroupPartitionMetadataKey k:
                Find(k.GroupId, value)?.Apply((ConsumerGroupPartitionMetadataValue?)value);
                break;
            case ConsumerGroupMemberMetadataKey k:
                Find(k.GroupId, value)?.Apply(k.MemberId, (ConsumerGroupMemberMetadataValue?)value);
                break;
            case ConsumerGroupTargetAssignmentMetadataKey k:
                Find(k.GroupId, value)?.Apply((ConsumerGroupTargetAssignmentMetadataValue?)value);
                break;
            case ConsumerGroupTargetAssignmentMemberKey k:
                Find(k.GroupId, value)?.Apply(k.MemberId, (ConsumerGroupTargetAssignmentMemberValue?)value);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey k:
                Find(k.GroupId, value)?.Apply(k.MemberId, (ConsumerGroupCurrentMemberAssignmentValue?)value);
                break;
            case ConsumerGroupRegularExpressionKey k:
                Find(k.GroupId, value)?.Apply(k.RegularExpression, (ConsumerGroupRegularExpressionValue?)value);
                break;
        }
    }

    private void Write(IMessage key, IMessage? value, GroupEffects effects)
    {
        effects.Append(key, value);
        Apply(key, value);
    }

    // What is said of a group makes it; what is taken back does not.
    private ConsumerGroup? Find(string id, IMessage? value) => value is null ? Find(id) : GroupOf(id);

    private ConsumerGroup? Find(string id) => context.Groups.GetValueOrDefault(id) as ConsumerGroup;

    private ConsumerGroup GroupOf(string id)
    {
        if (Find(id) is { } group)
        {
            return group;
        }

        group = new ConsumerGroup(id);
        context.Groups[id] = group;
        return group;
    }
}
