using Samsa.Model;

namespace Samsa.Core.Groups.Classic;

/// <summary>The rebalance of a classic group: from the first member that comes or goes to the next generation.</summary>
internal sealed class ClassicRebalance(GroupContext context)
{
    /// <summary>A new member whose first generation does not come is removed after this time.</summary>
    private const int NewMemberTimeoutMs = 5 * 60 * 1000;

    /// <summary>Begins a rebalance, or ends the one under way where nobody is missing any more.</summary>
    public void BeginOrComplete(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        if (group.State == ClassicState.PreparingRebalance)
        {
            CompleteIfAllJoined(group, nowMs, effects);
        }
        else
        {
            Begin(group, nowMs, effects);
        }
    }

    /// <summary>Ends the join phase where nobody is missing; the first one waits for its delay in any case.</summary>
    public void CompleteIfAllJoined(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        if (group.State == ClassicState.PreparingRebalance && group.PreviousState != ClassicState.Empty && group.HasAllJoined)
        {
            Complete(group, nowMs, effects);
        }
    }

    /// <summary>The join deadline was reached.</summary>
    public void OnJoinDeadline(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        if (group.State != ClassicState.PreparingRebalance || nowMs < group.JoinDeadlineMs)
        {
            return;
        }

        if (group.PreviousState == ClassicState.Empty && group.MemberAdded && group.InitialDelayLeftMs > 0)
        {
            // KIP-134: as long as members keep coming, the first rebalance waits for more of them.
            var delay = Math.Min(context.Settings.InitialRebalanceDelayMs, group.InitialDelayLeftMs);
            group.MemberAdded = false;
            group.InitialDelayLeftMs -= delay;
            WaitForJoins(group, nowMs + delay);
            return;
        }

        Complete(group, nowMs, effects);
    }

    /// <summary>The sync deadline was reached: who has not sent SyncGroup is gone.</summary>
    public void OnSyncDeadline(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        if (nowMs < group.SyncDeadlineMs || group.State is not (ClassicState.CompletingRebalance or ClassicState.Stable))
        {
            return;
        }

        group.SyncDeadlineMs = long.MaxValue;
        if (group.PendingSyncs.Count == 0)
        {
            return;
        }

        foreach (var id in group.PendingSyncs.ToArray())
        {
            Forget(group, id, ErrorCode.UnknownMemberId, effects);
        }

        Begin(group, nowMs, effects);
    }

    /// <summary>Prolongs a member's session.</summary>
    public void Touch(ClassicGroup group, ClassicMember member, long nowMs)
    {
        var timeout = member.IsNew ? NewMemberTimeoutMs : member.SessionTimeoutMs;
        member.SessionDeadlineMs = nowMs + timeout;
        if (member.SessionDeadlineMs < member.ReminderMs)
        {
            Remind(group, member);
        }
    }

    /// <summary>A member's reminder came: whether its session is over.</summary>
    public void OnSession(ClassicGroup group, ClassicMember member, long nowMs, GroupEffects effects)
    {
        if (nowMs < member.ReminderMs)
        {
            return;
        }

        // A member whose request is parked is alive: its session goes on when it is answered.
        if (!member.IsNew && (member.Joining is not null || member.Syncing is not null))
        {
            member.SessionDeadlineMs = nowMs + member.SessionTimeoutMs;
        }

        if (nowMs < member.SessionDeadlineMs)
        {
            Remind(group, member);
            return;
        }

        Forget(group, member.Id, ErrorCode.UnknownMemberId, effects);
        BeginOrComplete(group, nowMs, effects);
    }

    /// <summary>Takes a member out, with an answer to whatever it waits for.</summary>
    public static void Forget(ClassicGroup group, string memberId, ErrorCode error, GroupEffects effects)
    {
        if (!group.Members.TryGetValue(memberId, out var member))
        {
            return;
        }

        AnswerWaiting(member, error, effects);
        _ = group.Members.Remove(memberId);
        _ = group.PendingSyncs.Remove(memberId);
        if (member.InstanceId is { } instance && group.StaticMembers.GetValueOrDefault(instance) == memberId)
        {
            _ = group.StaticMembers.Remove(instance);
        }

        if (group.LeaderId == memberId)
        {
            group.LeaderId = group.Members.Count > 0 ? group.Members.GetAt(0).Key : null;
        }
    }

    /// <summary>Answers a member's parked requests with an error.</summary>
    public static void AnswerWaiting(ClassicMember member, ErrorCode error, GroupEffects effects)
    {
        if (member.Joining is { } join)
        {
            effects.Reply(join.Ticket, ClassicAnswers.JoinFailed(member.Id, error, join.Version));
            member.Joining = null;
        }

        if (member.Syncing is { } sync)
        {
            effects.Reply(sync.Ticket, ClassicAnswers.SyncFailed(error));
            member.Syncing = null;
        }
    }

    private void Begin(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        if (group.State == ClassicState.CompletingRebalance)
        {
            foreach (var member in group.Members.Values)
            {
                member.Assignment = [];
                if (member.Syncing is { } sync)
                {
                    effects.Reply(sync.Ticket, ClassicAnswers.SyncFailed(ErrorCode.RebalanceInProgress));
                    member.Syncing = null;
                    Touch(group, member, nowMs);
                }
            }
        }

        group.PendingSyncs.Clear();
        group.SyncDeadlineMs = long.MaxValue;
        var isFirst = group.State == ClassicState.Empty;
        group.Enter(ClassicState.PreparingRebalance, nowMs);
        if (!isFirst)
        {
            WaitForJoins(group, nowMs + group.RebalanceTimeoutMs);
            CompleteIfAllJoined(group, nowMs, effects);
            return;
        }

        var delay = context.Settings.InitialRebalanceDelayMs;
        group.InitialDelayLeftMs = Math.Max(group.RebalanceTimeoutMs - delay, 0);
        group.MemberAdded = false;
        WaitForJoins(group, nowMs + delay);
        OnJoinDeadline(group, nowMs, effects);
    }

    private void Remind(ClassicGroup group, ClassicMember member)
    {
        member.ReminderMs = member.SessionDeadlineMs;
        context.Deadlines.Add(member.ReminderMs, new Deadline(DeadlineKind.ClassicSession, group.Id, member.Id));
    }

    private void WaitForJoins(ClassicGroup group, long deadlineMs)
    {
        group.JoinDeadlineMs = deadlineMs;
        context.Deadlines.Add(deadlineMs, new Deadline(DeadlineKind.ClassicJoin, group.Id, ""));
    }

    private void Complete(ClassicGroup group, long nowMs, GroupEffects effects)
    {
        group.JoinDeadlineMs = long.MaxValue;
        foreach (var missing in group.Members.Values.Where(m => m.Joining is null && m.InstanceId is null).ToArray())
        {
            Forget(group, missing.Id, ErrorCode.UnknownMemberId, effects);
        }

        if (group.Members.Count > 0 && !ElectJoinedLeader(group))
        {
            // Only static members are left, and none of them is back: their sessions decide.
            WaitForJoins(group, nowMs + Math.Max(1, group.RebalanceTimeoutMs));
            return;
        }

        group.Generation++;
        effects.NoteRebalance();
        if (group.Members.Count == 0)
        {
            group.Protocol = null;
            group.LeaderId = null;
            group.Enter(ClassicState.Empty, nowMs);
            group.NoteSubscriptions();
            group.AppendMetadata(effects, static m => m.Assignment);
            return;
        }

        group.Protocol = group.ChooseProtocol();
        group.Enter(ClassicState.CompletingRebalance, nowMs);
        group.NoteSubscriptions();
        group.PendingSyncs.Clear();
        foreach (var member in group.Members.Values)
        {
            group.PendingSyncs.Add(member.Id);
            if (member.Joining is { } join)
            {
                effects.Reply(join.Ticket, ClassicAnswers.Joined(group, member));
                member.Joining = null;
                member.IsNew = false;
                Touch(group, member, nowMs);
            }
        }

        group.SyncDeadlineMs = nowMs + group.RebalanceTimeoutMs;
        context.Deadlines.Add(group.SyncDeadlineMs, new Deadline(DeadlineKind.ClassicSync, group.Id, ""));
    }

    // The leader must be a member that is there: it computes the assignment.
    private static bool ElectJoinedLeader(ClassicGroup group)
    {
        if (group.LeaderId is { } leader && group.Members.TryGetValue(leader, out var member) && member.Joining is not null)
        {
            return true;
        }

        if (group.Members.Values.FirstOrDefault(m => m.Joining is not null) is not { } joined)
        {
            return false;
        }

        group.LeaderId = joined.Id;
        return true;
    }
}
