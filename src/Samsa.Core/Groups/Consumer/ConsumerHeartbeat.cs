using Samsa.Core.Groups.Classic;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Consumer;

/// <summary>ConsumerGroupHeartbeat: members come, say that they are there, and go (KIP-848).</summary>
internal sealed class ConsumerHeartbeat(GroupContext context, ConsumerGroupWriter writer, ConsumerRebalance rebalance, GroupMigration migration)
{
    public ConsumerGroupHeartbeatResponse Handle(ConsumerGroupHeartbeatRequest request, in GroupRequest from, GroupEffects effects)
    {
        if (HeartbeatRules.Refuse(request, from.ApiVersion, context.Settings) is { } refusal)
        {
            return Failed(refusal);
        }

        var group = context.Groups.GetValueOrDefault(request.GroupId);
        return request.MemberEpoch switch
        {
            MemberProgress.LeavingEpoch or MemberProgress.AwayEpoch => Leave(group as ConsumerGroup, request, from.NowMs, effects),
            MemberProgress.JoiningEpoch => Join(group, request, from, effects),
            _ => Continue(group as ConsumerGroup, request, from, effects),
        };
    }

    private static ConsumerGroupHeartbeatResponse Failed(Refusal refusal) => new() { ErrorCode = refusal.Error, ErrorMessage = refusal.Message };

    private static ConsumerGroupHeartbeatResponse Failed(ErrorCode error, string message) => Failed(new(error, message));

    private static Refusal NoMember(ConsumerGroupHeartbeatRequest request) =>
        new(ErrorCode.UnknownMemberId, $"Member {request.MemberId} is not a member of group {request.GroupId}.");

    private static HashSet<TopicIdPartition>? OwnedOf(ConsumerGroupHeartbeatRequest request) => request.TopicPartitions?.Flatten(t => (t.TopicId, t.Partitions));

    private ConsumerGroupHeartbeatResponse Join(Group? present, ConsumerGroupHeartbeatRequest request, in GroupRequest from, GroupEffects effects)
    {
        var memberId = request.MemberId.Length > 0 ? request.MemberId : new TopicId(context.Ids.NewId()).ToString();
        if ((RefuseRoom(present, memberId, request.InstanceId) ?? RefuseInstance(present as ConsumerGroup, request, memberId)) is { } refusal)
        {
            return Failed(refusal);
        }

        var group = present as ConsumerGroup;
        if (group is null)
        {
            if (present is ClassicGroup classic && migration.TryUpgrade(classic, effects, from.NowMs, out group) is { } reason)
            {
                return Failed(ErrorCode.GroupIdNotFound, reason);
            }

            group ??= new ConsumerGroup(request.GroupId);
            _ = context.Groups.TryAdd(group.Id, group);
        }

        if (request.InstanceId is { } instance && group.StaticMember(instance) is { } former && former.Id != memberId)
        {
            rebalance.Replace(group, former, memberId, effects);
        }
        else if (group.Members.TryGetValue(memberId, out var known))
        {
            // Epoch 0 from a member that is known: it was fenced, or lost the answer to its first request, and holds nothing.
            rebalance.Restart(group, known, effects);
        }

        return Advance(group, memberId, request, from, effects);
    }

    private ConsumerGroupHeartbeatResponse Continue(ConsumerGroup? group, ConsumerGroupHeartbeatRequest request, in GroupRequest from, GroupEffects effects)
    {
        // Of a group that is gone, too: its member was gone before it, and comes back when it hears so.
        var refusal = group is null ? NoMember(request) : RefuseMember(group, request);
        if (refusal is null)
        {
            refusal = RefuseEpoch(group!.Members[request.MemberId], request);
        }

        return refusal is not null ? Failed(refusal) : Advance(group!, request.MemberId, request, from, effects);
    }

    private ConsumerGroupHeartbeatResponse Leave(ConsumerGroup? group, ConsumerGroupHeartbeatRequest request, long nowMs, GroupEffects effects)
    {
        if (group is null)
        {
            return Failed(ErrorCode.GroupIdNotFound, $"Group {request.GroupId} not found.");
        }

        if (RefuseMember(group, request) is { } refusal)
        {
            return Failed(refusal);
        }

        var member = group.Members[request.MemberId];
        if (request.MemberEpoch == MemberProgress.AwayEpoch)
        {
            writer.Progress(group, member.Id, member.Progress.Away(), effects);
            member.RevocationDeadlineMs = long.MaxValue;
        }
        else
        {
            migration.RemoveOrDowngrade(group, member, nowMs, effects);
        }

        return new() { MemberId = member.Id, MemberEpoch = request.MemberEpoch };
    }

    private ConsumerGroupHeartbeatResponse Advance(
        ConsumerGroup group, string memberId, ConsumerGroupHeartbeatRequest request, in GroupRequest from, GroupEffects effects)
    {
        var known = group.Members.GetValueOrDefault(memberId);
        var before = known?.Progress ?? MemberProgress.Joining;
        rebalance.Update(group, memberId, ProfileOf(known?.Profile ?? new(), request, from), OwnedOf(request), from.NowMs, effects);

        var (member, times) = (group.Members[memberId], context.Settings.ConsumerTimesOf(group.Id));
        member.SessionDeadlineMs = from.NowMs + times.SessionTimeoutMs;
        rebalance.Remind(group, member);
        var isFull = request.MemberEpoch == MemberProgress.JoiningEpoch
            || (request.RebalanceTimeoutMs != -1 && (request.SubscribedTopicNames ?? (object?)request.SubscribedTopicRegex) is not null && request.TopicPartitions is not null);
        var isChanged = !before.Assigned.Keys.ToHashSet().SetEquals(member.Progress.Assigned.Keys);
        var delay = rebalance.AssignmentDelayMs(group, from.NowMs);
        return new()
        {
            MemberId = memberId,
            MemberEpoch = member.Progress.Epoch,

            // Whom an assignment awaits need not wait a whole interval longer for it.
            HeartbeatIntervalMs = delay > 0 ? (int)Math.Min(delay, times.HeartbeatIntervalMs) : times.HeartbeatIntervalMs,
            Assignment = !isFull && !isChanged ? null : new()
            {
                TopicPartitions = member.Progress.Assigned.Keys.ByTopic((topic, indexes) =>
                    new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = topic, Partitions = indexes }),
            },
        };
    }

    // What the request leaves out stays as it was.
    private static MemberProfile ProfileOf(MemberProfile before, ConsumerGroupHeartbeatRequest request, in GroupRequest from) => before with
    {
        InstanceId = request.InstanceId ?? before.InstanceId,
        RackId = request.RackId ?? before.RackId,
        ClientId = from.ClientId,
        ClientHost = from.ClientHost,
        Topics = request.SubscribedTopicNames is { } names ? [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : before.Topics,
        Regex = request.SubscribedTopicRegex ?? before.Regex,
        RebalanceTimeoutMs = request.RebalanceTimeoutMs != -1 ? request.RebalanceTimeoutMs : before.RebalanceTimeoutMs,
        Assignor = request.ServerAssignor ?? before.Assignor,
        Classic = null,
    };

    private Refusal? RefuseRoom(Group? group, string memberId, string? instanceId)
    {
        var limit = context.Settings.ConsumerMaxSize;
        var (count, isKnown) = group switch
        {
            ConsumerGroup g => (g.Members.Count, g.Members.ContainsKey(memberId) || (instanceId is not null && g.StaticMembers.ContainsKey(instanceId))),
            ClassicGroup g => (g.Members.Count, g.Members.ContainsKey(memberId) || (instanceId is not null && g.StaticMembers.ContainsKey(instanceId))),
            _ => (0, false),
        };
        return isKnown || count < limit
            ? null
            : new(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {limit} members.");
    }

    // A static member's name is free again when its former self has left, is of the classic protocol, or is this one.
    private static Refusal? RefuseInstance(ConsumerGroup? group, ConsumerGroupHeartbeatRequest request, string memberId) =>
        request.InstanceId is { } instance && group?.StaticMember(instance) is { IsClassic: false } former
        && former.Progress.Epoch != MemberProgress.AwayEpoch && former.Id != memberId
            ? new(
                ErrorCode.UnreleasedInstanceId,
                $"Static member {memberId} with instance id {instance} cannot join the group because the instance id is owned by {former.Id} member.")
            : null;

    private static Refusal? RefuseMember(ConsumerGroup group, ConsumerGroupHeartbeatRequest request)
    {
        if (request.InstanceId is not { } instance)
        {
            return group.Members.ContainsKey(request.MemberId) ? null : NoMember(request);
        }

        var member = group.StaticMember(instance);
        return member is null ? new(ErrorCode.UnknownMemberId, $"Instance id {instance} is unknown.")
            : member.Id != request.MemberId
                ? new(ErrorCode.FencedInstanceId, $"Static member {request.MemberId} with instance id {instance} was fenced by member {member.Id}.")
            : null;
    }

    private static Refusal? RefuseEpoch(ConsumerMember member, ConsumerGroupHeartbeatRequest request)
    {
        var (progress, epoch) = (member.Progress, request.MemberEpoch);
        if (epoch == progress.Epoch)
        {
            return null;
        }

        // The answer that told it the present epoch may have been lost: it goes on from the one before, with what it had then.
        if (epoch < progress.Epoch && epoch == progress.PreviousEpoch && OwnedOf(request) is { } owned && owned.All(progress.Assigned.ContainsKey))
        {
            return null;
        }

        var relation = epoch > progress.Epoch ? "greater" : "smaller";
        return new(
            ErrorCode.FencedMemberEpoch,
            $"The consumer group member has a {relation} member epoch ({epoch}) than the one known by the group coordinator ({progress.Epoch}). The member must abandon all its partitions and rejoin.");
    }
}
