using System.Globalization;
using Samsa.Core.Groups.Classic;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Consumer;

/// <summary>
/// Members of the classic protocol in a consumer group: JoinGroup and Heartbeat do for them what the new heartbeat does for the
/// others, and SyncGroup fetches what the coordinator assigned. None of them leads.
/// </summary>
internal sealed class ClassicMembers(GroupContext context, ConsumerRebalance rebalance, GroupMigration migration)
{
    private const string ConsumerProtocolType = "consumer";
    private const short FirstVersionWithRequiredId = 4;
    private const short FirstLeaveVersionWithMembers = 3;

    public void Join(ConsumerGroup group, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var settings = context.Settings;
        var subscription = request.Protocols.Length == 0 ? null : EmbeddedProtocol.TryReadSubscription(request.Protocols[0].Metadata);
        var refusal = request.SessionTimeoutMs < settings.MinSessionTimeoutMs || request.SessionTimeoutMs > settings.MaxSessionTimeoutMs ? ErrorCode.InvalidSessionTimeout
            : group.Members.Count >= settings.ConsumerMaxSize && !IsKnown(group, request) ? ErrorCode.GroupMaxSizeReached
            : subscription is null || !Supports(group, request) ? ErrorCode.InconsistentGroupProtocol
            : request is { MemberId.Length: > 0, GroupInstanceId: not null } ? Check(group, request.MemberId, request.GroupInstanceId, out _)
            : ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            effects.Reply(from.Ticket, ClassicAnswers.JoinFailed(request.MemberId, refusal, from.ApiVersion));
            return;
        }

        var id = request.MemberId;
        if (id.Length == 0)
        {
            id = $"{request.GroupInstanceId ?? from.ClientId}-{context.Ids.NewId().ToString("D", CultureInfo.InvariantCulture)}";
            if (request.GroupInstanceId is null && from.ApiVersion >= FirstVersionWithRequiredId)
            {
                // KIP-394: a client that dies before it knows its id leaves no member behind.
                effects.Reply(from.Ticket, ClassicAnswers.JoinFailed(id, ErrorCode.MemberIdRequired, from.ApiVersion));
                return;
            }
        }

        var replacesOther = false;
        if (request.GroupInstanceId is { } instance && group.StaticMember(instance) is { } former && former.Id != id)
        {
            replacesOther = !former.IsClassic;
            rebalance.Replace(group, former, id, effects);
        }

        var profile = ProfileOf(group.Members.GetValueOrDefault(id)?.Profile ?? new(), request, subscription!, from);
        rebalance.Update(group, id, profile, EmbeddedProtocol.Owned(subscription!, context.Topics), from.NowMs, effects);
        var epoch = group.Members[id].Progress.Epoch;
        if (replacesOther && migration.TryDowngrade(group, from.NowMs, effects) is { } classic)
        {
            epoch = classic.Generation;
        }
        else
        {
            var member = group.Members[id];
            member.JoinDeadlineMs = long.MaxValue;
            member.SyncDeadlineMs = from.NowMs + profile.RebalanceTimeoutMs;
            Touch(group, member, from.NowMs);
        }

        effects.Reply(from.Ticket, new JoinGroupResponse
        {
            GenerationId = epoch, ProtocolType = ConsumerProtocolType, ProtocolName = request.Protocols[0].Name, MemberId = id,
        });
    }

    public SyncGroupResponse Sync(ConsumerGroup group, SyncGroupRequest request, in GroupRequest from)
    {
        var refusal = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId, out var member);
        if (refusal == ErrorCode.None)
        {
            refusal = request.ProtocolType is not (null or ConsumerProtocolType)
                || (request.ProtocolName is { } name && name != member!.Profile.Classic!.Protocols[0].Name) ? ErrorCode.InconsistentGroupProtocol
                : group.Epoch > member!.Progress.Epoch && member.Progress.State != MemberState.UnrevokedPartitions ? ErrorCode.RebalanceInProgress
                : ErrorCode.None;
        }

        if (refusal == ErrorCode.RebalanceInProgress)
        {
            AwaitJoin(group, member!, from.NowMs);
        }

        if (refusal != ErrorCode.None)
        {
            return ClassicAnswers.SyncFailed(refusal);
        }

        member!.SyncDeadlineMs = long.MaxValue;
        Touch(group, member, from.NowMs);
        return new()
        {
            ProtocolType = request.ProtocolType,
            ProtocolName = request.ProtocolName,
            Assignment = EmbeddedProtocol.WriteAssignment(member.Progress.Assigned.Keys, member.Profile.Classic!, context.Topics),
        };
    }

    public HeartbeatResponse Heartbeat(ConsumerGroup group, HeartbeatRequest request, in GroupRequest from)
    {
        var refusal = Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId, out var member);
        if (refusal != ErrorCode.None)
        {
            return new() { ErrorCode = refusal };
        }

        Touch(group, member!, from.NowMs);
        var progress = member!.Progress;
        var mustJoin = progress.Epoch < group.Epoch
            || progress.State == MemberState.UnrevokedPartitions
            || (progress.State == MemberState.UnreleasedPartitions && !group.IsWaiting(member));
        if (mustJoin)
        {
            AwaitJoin(group, member, from.NowMs);
        }

        return new() { ErrorCode = mustJoin ? ErrorCode.RebalanceInProgress : ErrorCode.None };
    }

    public LeaveGroupResponse Leave(ConsumerGroup group, LeaveGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var isSingle = from.ApiVersion < FirstLeaveVersionWithMembers;
        var answers = isSingle
            ? [Leave(request.MemberId, instanceId: null)]
            : request.Members.Select(m => Leave(m.MemberId, m.GroupInstanceId)).ToArray();
        if (gone.Count > 0)
        {
            rebalance.Remove(group, gone, from.NowMs, effects);
        }

        return isSingle ? new() { ErrorCode = answers[0].ErrorCode } : new() { Members = answers };

        LeaveGroupResponse.MemberResponse Leave(string memberId, string? instanceId)
        {
            // An administrator removes a static member by its instance id alone (KIP-345).
            var id = memberId.Length == 0 && instanceId is not null ? group.StaticMember(instanceId)?.Id ?? "" : memberId;
            var error = Check(group, id, instanceId, out _);
            if (error == ErrorCode.None && !gone.Add(id))
            {
                error = ErrorCode.UnknownMemberId;
            }

            return new() { MemberId = memberId, GroupInstanceId = instanceId, ErrorCode = error };
        }
    }

    /// <summary>Begins the session of a member anew.</summary>
    public void Touch(ConsumerGroup group, ConsumerMember member, long nowMs)
    {
        member.SessionDeadlineMs = nowMs + member.Profile.Classic!.SessionTimeoutMs;
        rebalance.Remind(group, member);
    }

    private static ErrorCode Check(ConsumerGroup group, string memberId, string? instanceId, out ConsumerMember? member)
    {
        member = instanceId is null ? group.Members.GetValueOrDefault(memberId) : group.StaticMember(instanceId);
        return member is null ? ErrorCode.UnknownMemberId
            : member.Id != memberId ? ErrorCode.FencedInstanceId
            : !member.IsClassic ? ErrorCode.UnknownMemberId
            : ErrorCode.None;
    }

    private static ErrorCode Check(ConsumerGroup group, string memberId, string? instanceId, int generation, out ConsumerMember? member)
    {
        var refusal = Check(group, memberId, instanceId, out member);
        return refusal != ErrorCode.None ? refusal
            : generation != member!.Progress.Epoch ? ErrorCode.IllegalGeneration
            : ErrorCode.None;
    }

    private static bool IsKnown(ConsumerGroup group, JoinGroupRequest request) =>
        group.Members.ContainsKey(request.MemberId) || (request.GroupInstanceId is { } instance && group.StaticMembers.ContainsKey(instance));

    // The classic members must be able to go on by themselves when the others are gone.
    private static bool Supports(ConsumerGroup group, JoinGroupRequest request) =>
        request.ProtocolType == ConsumerProtocolType
        && request.Protocols.Any(p => group.ClassicMembers.Where(m => m.Id != request.MemberId).All(m => m.Profile.Classic!.Protocols.Any(own => own.Name == p.Name)));

    private static MemberProfile ProfileOf(
        MemberProfile before, JoinGroupRequest request, Samsa.Protocol.Records.ConsumerProtocolSubscription subscription, in GroupRequest from) => new()
        {
            InstanceId = request.GroupInstanceId ?? before.InstanceId,
            RackId = subscription.RackId ?? before.RackId,
            ClientId = from.ClientId,
            ClientHost = from.ClientHost,
            Topics = [.. subscription.Topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            RebalanceTimeoutMs = request.RebalanceTimeoutMs > 0 ? request.RebalanceTimeoutMs : request.SessionTimeoutMs,
            Classic = new(request.SessionTimeoutMs, [.. request.Protocols.Select(p => (p.Name, p.Metadata.ToArray()))]),
        };

    private void AwaitJoin(ConsumerGroup group, ConsumerMember member, long nowMs)
    {
        if (member.JoinDeadlineMs == long.MaxValue)
        {
            member.JoinDeadlineMs = nowMs + member.Profile.RebalanceTimeoutMs;
            rebalance.Remind(group, member);
        }
    }
}
