using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Classic;

/// <summary>The classic group protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup, and what happens when members say nothing.</summary>
internal sealed class ClassicProtocol
{
    private const short FirstLeaveVersionWithMembers = 3;
    private const short FirstSyncVersionWithProtocol = 5;

    private readonly GroupContext _context;
    private readonly ClassicRebalance _rebalance;
    private readonly ClassicJoin _join;

    public ClassicProtocol(GroupContext context)
    {
        _context = context;
        _rebalance = new ClassicRebalance(context);
        _join = new ClassicJoin(context, _rebalance);
    }

    public void Join(JoinGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var settings = _context.Settings;
        var group = Find(request.GroupId);
        var refusal = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId
            : request.SessionTimeoutMs < settings.MinSessionTimeoutMs || request.SessionTimeoutMs > settings.MaxSessionTimeoutMs
                ? ErrorCode.InvalidSessionTimeout
            : group is null && request.MemberId.Length > 0 ? ErrorCode.UnknownMemberId
            : group is null && _context.Groups.ContainsKey(request.GroupId) ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
        if (refusal != ErrorCode.None)
        {
            effects.Reply(from.Ticket, ClassicAnswers.JoinFailed(request.MemberId, refusal, from.ApiVersion));
            return;
        }

        var isNew = group is null;
        group ??= new ClassicGroup(request.GroupId);
        _join.Handle(group, request, from, effects);
        if (isNew && (group.Members.Count > 0 || group.PendingMembers.Count > 0))
        {
            _context.Groups.Add(group.Id, group);
        }
    }

    public void Sync(SyncGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        var group = Find(request.GroupId);
        var refusal = request.GroupId.Length == 0 ? ErrorCode.InvalidGroupId
            : from.ApiVersion >= FirstSyncVersionWithProtocol && (request.ProtocolType is null || request.ProtocolName is null)
                ? ErrorCode.InconsistentGroupProtocol
            : Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (refusal == ErrorCode.None)
        {
            refusal = (request.ProtocolType is { } type && type != group!.ProtocolType)
                || (request.ProtocolName is { } name && name != group!.Protocol) ? ErrorCode.InconsistentGroupProtocol
                : group!.State switch
                {
                    ClassicState.Empty => ErrorCode.UnknownMemberId,
                    ClassicState.PreparingRebalance => ErrorCode.RebalanceInProgress,
                    _ => ErrorCode.None,
                };
        }

        if (refusal != ErrorCode.None)
        {
            effects.Reply(from.Ticket, ClassicAnswers.SyncFailed(refusal));
            return;
        }

        Sync(group!, group!.Members[request.MemberId], request, from, effects);
    }

    public HeartbeatResponse Heartbeat(HeartbeatRequest request, in GroupRequest from)
    {
        var group = Find(request.GroupId);
        var refusal = request.GroupId.Length == 0
            ? ErrorCode.InvalidGroupId
            : Check(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (refusal == ErrorCode.None && group!.State == ClassicState.Empty)
        {
            refusal = ErrorCode.UnknownMemberId;
        }

        if (refusal != ErrorCode.None)
        {
            return new() { ErrorCode = refusal };
        }

        _rebalance.Touch(group!, group!.Members[request.MemberId], from.NowMs);
        return new() { ErrorCode = group.State == ClassicState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None };
    }

    public void Leave(LeaveGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        if (request.GroupId.Length == 0)
        {
            effects.Reply(from.Ticket, new LeaveGroupResponse { ErrorCode = ErrorCode.InvalidGroupId });
            return;
        }

        var group = Find(request.GroupId);
        var before = group?.Members.Count;
        if (from.ApiVersion < FirstLeaveVersionWithMembers)
        {
            effects.Reply(from.Ticket, new LeaveGroupResponse { ErrorCode = Leave(group, request.MemberId, null, effects) });
        }
        else
        {
            effects.Reply(from.Ticket, new LeaveGroupResponse
            {
                Members =
                [
                    .. request.Members.Select(m => new LeaveGroupResponse.MemberResponse
                    {
                        MemberId = m.MemberId, GroupInstanceId = m.GroupInstanceId, ErrorCode = Leave(group, m.MemberId, m.GroupInstanceId, effects),
                    }),
                ],
            });
        }

        if (group?.Members.Count < before)
        {
            _rebalance.BeginOrComplete(group, from.NowMs, effects);
        }
        else if (group is not null)
        {
            _rebalance.CompleteIfAllJoined(group, from.NowMs, effects);
        }
    }

    public void OnDeadline(in Deadline due, long nowMs, GroupEffects effects)
    {
        if (Find(due.GroupId) is not { } group)
        {
            return;
        }

        switch (due.Kind)
        {
            case DeadlineKind.ClassicJoin:
                _rebalance.OnJoinDeadline(group, nowMs, effects);
                break;
            case DeadlineKind.ClassicSync:
                _rebalance.OnSyncDeadline(group, nowMs, effects);
                break;
            case DeadlineKind.ClassicPending when group.PendingMembers.TryGetValue(due.MemberId, out var until) && until <= nowMs:
                _ = group.PendingMembers.Remove(due.MemberId);
                _rebalance.CompleteIfAllJoined(group, nowMs, effects);
                break;
            case DeadlineKind.ClassicSession when group.Members.TryGetValue(due.MemberId, out var member):
                _rebalance.OnSession(group, member, nowMs, effects);
                break;
        }
    }

    public void Replay(string id, GroupMetadataValue? value)
    {
        if (value is null)
        {
            _ = _context.Groups.Remove(id);
            return;
        }

        var group = new ClassicGroup(id)
        {
            ProtocolType = value.ProtocolType.Length > 0 ? value.ProtocolType : null,
            Generation = value.Generation,
            Protocol = value.Protocol,
            LeaderId = value.Leader,
        };
        foreach (var m in value.Members)
        {
            var member = new ClassicMember
            {
                Id = m.MemberId,
                InstanceId = m.GroupInstanceId,
                ClientId = m.ClientId,
                ClientHost = m.ClientHost,
                SessionTimeoutMs = m.SessionTimeout,
                RebalanceTimeoutMs = m.RebalanceTimeout > 0 ? m.RebalanceTimeout : m.SessionTimeout,
                Protocols = [(value.Protocol ?? "", m.Subscription.ToArray())],
                Assignment = m.Assignment.ToArray(),
            };
            group.Members.Add(member.Id, member);
            if (member.InstanceId is { } instance)
            {
                group.StaticMembers[instance] = member.Id;
            }
        }

        group.Enter(group.Members.Count > 0 ? ClassicState.Stable : ClassicState.Empty, value.CurrentStateTimestamp);
        group.NoteSubscriptions();
        _context.Groups[id] = group;
    }

    public void Loaded(long nowMs)
    {
        foreach (var group in _context.Groups.Values.OfType<ClassicGroup>())
        {
            foreach (var member in group.Members.Values)
            {
                _rebalance.Touch(group, member, nowMs);
            }
        }
    }

    private static ErrorCode Check(ClassicGroup? group, string memberId, string? instanceId, int generation)
    {
        var refusal = group?.CheckMember(memberId, instanceId) ?? ErrorCode.UnknownMemberId;
        return refusal != ErrorCode.None ? refusal
            : generation != group!.Generation ? ErrorCode.IllegalGeneration
            : ErrorCode.None;
    }

    private ClassicGroup? Find(string id) => _context.Groups.GetValueOrDefault(id) as ClassicGroup;

    private void Sync(ClassicGroup group, ClassicMember member, SyncGroupRequest request, in GroupRequest from, GroupEffects effects)
    {
        _ = group.PendingSyncs.Remove(member.Id);
        if (group.State == ClassicState.Stable)
        {
            effects.Reply(from.Ticket, ClassicAnswers.Synced(group, member));
            _rebalance.Touch(group, member, from.NowMs);
            return;
        }

        if (member.Syncing is { } former)
        {
            effects.Reply(former.Ticket, ClassicAnswers.SyncFailed(ErrorCode.RebalanceInProgress));
        }

        member.Syncing = (from.Ticket, from.ApiVersion);
        if (group.LeaderId != member.Id)
        {
            return;
        }

        var assignments = request.Assignments.ToLookup(a => a.MemberId, a => a.Assignment.ToArray(), StringComparer.Ordinal);
        foreach (var m in group.Members.Values)
        {
            m.Assignment = assignments[m.Id].FirstOrDefault() ?? [];
        }

        group.Enter(ClassicState.Stable, from.NowMs);
        group.AppendMetadata(effects, static m => m.Assignment);
        foreach (var m in group.Members.Values)
        {
            if (m.Syncing is { } sync)
            {
                effects.Reply(sync.Ticket, ClassicAnswers.Synced(group, m));
                m.Syncing = null;
                _rebalance.Touch(group, m, from.NowMs);
            }
        }
    }

    private static ErrorCode Leave(ClassicGroup? group, string memberId, string? instanceId, GroupEffects effects)
    {
        if (group is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (memberId.Length == 0 && instanceId is not null)
        {
            // An administrator removes a static member by its instance id alone (KIP-345).
            if (!group.StaticMembers.TryGetValue(instanceId, out var id))
            {
                return ErrorCode.UnknownMemberId;
            }

            memberId = id;
        }

        if (instanceId is null && group.PendingMembers.Remove(memberId))
        {
            return ErrorCode.None;
        }

        var refusal = group.CheckMember(memberId, instanceId);
        if (refusal == ErrorCode.None)
        {
            ClassicRebalance.Forget(group, memberId, ErrorCode.UnknownMemberId, effects);
        }

        return refusal;
    }
}
