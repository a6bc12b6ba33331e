using System.Globalization;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups.Classic;

/// <summary>JoinGroup: new members, members that come back, and static members that replace their former selves.</summary>
internal sealed class ClassicJoin(GroupContext context, ClassicRebalance rebalance)
{
    private const short FirstVersionWithRequiredId = 4;
    private const short FirstVersionWithSkip = 9;

    public void Handle(ClassicGroup group, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var refusal = !HasRoom(group, request.MemberId) ? ErrorCode.GroupMaxSizeReached
            : !group.Supports(request.ProtocolType, request.Protocols.Select(p => p.Name)) ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            Fail(request.MemberId, refusal, from, effects);
        }
        else if (request.MemberId.Length == 0)
        {
            JoinNew(group, request, from, effects);
        }
        else if (group.PendingMembers.ContainsKey(request.MemberId))
        {
            Add(group, request.MemberId, request, from, effects);
        }
        else if (group.CheckMember(request.MemberId, request.GroupInstanceId) is var error and not ErrorCode.None)
        {
            Fail(request.MemberId, error, from, effects);
        }
        else
        {
            Rejoin(group, group.Members[request.MemberId], request, from, effects);
        }
    }

    private static void Fail(string memberId, ErrorCode error, in GroupRequest from, GroupEffects effects) =>
        effects.Reply(from.Ticket, ClassicAnswers.JoinFailed(memberId, error, from.ApiVersion));

    private static (string Name, byte[] Metadata)[] ProtocolsOf(JoinGroupRequest request) =>
        [.. request.Protocols.Select(p => (p.Name, p.Metadata.ToArray()))];

    private bool HasRoom(ClassicGroup group, string memberId)
    {
        var limit = context.Settings.MaxSize;
        return group.State switch
        {
            ClassicState.Empty => true,
            ClassicState.PreparingRebalance => group.Members.GetValueOrDefault(memberId)?.Joining is not null || group.JoinedCount < limit,
            _ => group.Members.ContainsKey(memberId) || group.Members.Count < limit,
        };
    }

    private void JoinNew(ClassicGroup group, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var id = $"{request.GroupInstanceId ?? from.ClientId}-{context.Ids.NewId().ToString("D", CultureInfo.InvariantCulture)}";
        if (request.GroupInstanceId is { } instance)
        {
            if (group.StaticMembers.TryGetValue(instance, out var former))
            {
                Replace(group, former, id, request, from, effects);
                return;
            }
        }
        else if (from.ApiVersion >= FirstVersionWithRequiredId)
        {
            // KIP-394: a client that dies before it knows its id leaves no member behind.
            var deadline = from.NowMs + request.SessionTimeoutMs;
            group.PendingMembers[id] = deadline;
            context.Deadlines.Add(deadline, new Deadline(DeadlineKind.ClassicPending, group.Id, id));
            Fail(id, ErrorCode.MemberIdRequired, from, effects);
            return;
        }

        Add(group, id, request, from, effects);
    }

    private void Add(ClassicGroup group, string id, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        _ = group.PendingMembers.Remove(id);
        var member = new ClassicMember
        {
            Id = id, InstanceId = request.GroupInstanceId, ClientId = from.ClientId, ClientHost = from.ClientHost, IsNew = true,
        };
        if (group.Members.Count == 0)
        {
            group.ProtocolType = request.ProtocolType;
            group.LeaderId = id;
        }

        group.Members.Add(id, member);
        if (member.InstanceId is { } instance)
        {
            group.StaticMembers[instance] = id;
        }

        group.MemberAdded = true;
        Take(member, request, from);
        rebalance.Touch(group, member, from.NowMs);
        rebalance.BeginOrComplete(group, from.NowMs, effects);
    }

    private static void Take(ClassicMember member, JoinGroupRequest request, in GroupRequest from)
    {
        member.Protocols = ProtocolsOf(request);
        member.SessionTimeoutMs = request.SessionTimeoutMs;
        member.RebalanceTimeoutMs = request.RebalanceTimeoutMs > 0 ? request.RebalanceTimeoutMs : request.SessionTimeoutMs;
        (member.ClientId, member.ClientHost) = (from.ClientId, from.ClientHost);
        member.Joining = (from.Ticket, from.ApiVersion);
    }

    private void Rejoin(ClassicGroup group, ClassicMember member, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var isUnchanged = member.Matches(ProtocolsOf(request));
        var mayAnswerAtOnce = group.State switch
        {
            // The member missed its answer, for example because its connection broke.
            ClassicState.CompletingRebalance => isUnchanged,

            // A leader that joins again wants a new assignment.
            ClassicState.Stable => isUnchanged && group.LeaderId != member.Id,
            _ => false,
        };
        if (mayAnswerAtOnce)
        {
            effects.Reply(from.Ticket, ClassicAnswers.Joined(group, member));
            rebalance.Touch(group, member, from.NowMs);
            return;
        }

        // Only its newest request counts.
        ClassicRebalance.AnswerWaiting(member, ErrorCode.RebalanceInProgress, effects);
        Take(member, request, from);
        rebalance.BeginOrComplete(group, from.NowMs, effects);
    }

    private void Replace(ClassicGroup group, string former, string id, JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var leader = group.LeaderId;
        var member = group.Members[former];
        ClassicRebalance.AnswerWaiting(member, ErrorCode.FencedInstanceId, effects);
        _ = group.Members.Remove(former);
        member.Id = id;
        group.Members.Add(id, member);
        group.StaticMembers[member.InstanceId!] = id;
        group.LeaderId = leader == former ? id : leader;
        if (group.PendingSyncs.Remove(former))
        {
            _ = group.PendingSyncs.Add(id);
        }

        Take(member, request, from);
        member.ReminderMs = long.MaxValue;
        rebalance.Touch(group, member, from.NowMs);
        if (group.State != ClassicState.Stable || group.ChooseProtocol() != group.Protocol)
        {
            rebalance.BeginOrComplete(group, from.NowMs, effects);
            return;
        }

        // KIP-345: a static member that comes back finds its assignment where it left it.
        member.Joining = null;
        group.AppendMetadata(effects, static m => m.Assignment);
        var answer = ClassicAnswers.Joined(group, member);
        if (from.ApiVersion >= FirstVersionWithSkip)
        {
            answer.SkipAssignment = group.LeaderId == id;
        }
        else
        {
            // An old client that is told to lead would assign anew, and its assignment would go nowhere (KIP-814).
            (answer.Leader, answer.Members) = (leader ?? "", []);
        }

        effects.Reply(from.Ticket, answer);
    }
}
