using Samsa.Core.Groups.Consumer.Assignors;

namespace Samsa.Core.Groups.Consumer;

/// <summary>From a change of members or topics to a new epoch, from that to a target assignment, from that to each member's next step.</summary>
internal sealed class ConsumerRebalance(GroupContext context, ConsumerGroupWriter writer)
{
    private readonly SubscribedTopics _subscribed = new(context, writer);

    /// <summary>A member says that it is there, and perhaps what it wants: takes it as far as it can go now.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="memberId">The member, which may be new.</param>
    /// <param name="profile">What it told about itself.</param>
    /// <param name="owned">What it says it has; null where it did not say.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="effects">Where records go.</param>
    public void Update(ConsumerGroup group, string memberId, MemberProfile profile, IReadOnlySet<TopicIdPartition>? owned, long nowMs, GroupEffects effects)
    {
        var known = group.Members.GetValueOrDefault(memberId);
        var wantsOther = known is null || !known.Profile.IsSubscribedLike(profile);
        if (known is null || !known.Profile.IsSameAs(profile))
        {
            writer.Member(group, memberId, profile, effects);
        }

        BumpEpoch(group, wantsOther, nowMs, effects);
        if (group.Epoch > group.AssignmentEpoch && ((known is not null && wantsOther) || AssignmentDelayMs(group, nowMs) == 0))
        {
            Assign(group, nowMs, effects);
        }

        Step(group, group.Members[memberId], owned, nowMs, effects);
    }

    /// <summary>How long the next assignment has to wait (KIP-1263); 0 where it may be made now, or is made.</summary>
    public long AssignmentDelayMs(ConsumerGroup group, long nowMs) =>
        group.Epoch == group.AssignmentEpoch || group.AssignmentEpoch == 0 || group.AssignedAtMs <= 0 ? 0
        : Math.Max(0, group.AssignedAtMs + context.Settings.ConsumerTimesOf(group.Id).AssignmentIntervalMs - nowMs);

    /// <summary>Takes members out; what they had is free from now on.</summary>
    public void Remove(ConsumerGroup group, IEnumerable<string> memberIds, long nowMs, GroupEffects effects)
    {
        foreach (var id in memberIds)
        {
            writer.Remove(group, id, effects);
        }

        BumpEpoch(group, always: true, nowMs, effects);
    }

    /// <summary>Puts a static member in the place of its former self: it gets what that one had.</summary>
    public void Replace(ConsumerGroup group, ConsumerMember former, string memberId, GroupEffects effects)
    {
        var (profile, target, progress) = (former.Profile, former.Target, former.Progress);
        writer.Remove(group, former.Id, effects);
        writer.Member(group, memberId, profile, effects);
        writer.Target(group, memberId, target, effects);
        writer.Progress(group, memberId, progress.Restarted(), effects);
    }

    /// <summary>A member begins anew under its id and holds nothing.</summary>
    public void Restart(ConsumerGroup group, ConsumerMember member, GroupEffects effects) =>
        writer.Progress(group, member.Id, member.Progress.Restarted(), effects);

    /// <summary>Plans the next look at a member's deadlines, unless an earlier one is planned.</summary>
    public void Remind(ConsumerGroup group, ConsumerMember member)
    {
        if (member.NextDeadlineMs < member.ReminderMs)
        {
            member.ReminderMs = member.NextDeadlineMs;
            context.Deadlines.Add(member.ReminderMs, new Deadline(DeadlineKind.Consumer, group.Id, member.Id));
        }
    }

    private void BumpEpoch(ConsumerGroup group, bool always, long nowMs, GroupEffects effects)
    {
        var version = context.Topics.Version;
        if (!always && group.SeenTopicsVersion == version && !_subscribed.AreRegexesBehind(group))
        {
            return;
        }

        group.SeenTopicsVersion = version;
        _subscribed.ResolveRegexes(group, nowMs, effects);
        var hash = _subscribed.Hash(group);
        if (always || hash != group.TopicsHash)
        {
            writer.Epoch(group, group.Epoch + 1, hash, effects);
            effects.NoteRebalance();
        }
    }

    private void Assign(ConsumerGroup group, long nowMs, GroupEffects effects)
    {
        var names = group.Members.Values.SelectMany(m => group.TopicsOf(m.Profile)).ToHashSet(StringComparer.Ordinal);
        var topics = new SortedDictionary<string, AssignableTopic>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (context.Topics.TryGet(name, out var id, out var partitions))
            {
                topics.Add(name, new AssignableTopic(id, partitions));
            }
        }

        var members = group.Members.Values.Select(m => new AssignableMember(
            m.Id,
            m.Profile.InstanceId,
            [.. group.TopicsOf(m.Profile).Where(topics.ContainsKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(n => topics[n])],
            m.Target));
        var assigned = AssignorOf(group).Assign([.. members]);
        foreach (var member in group.Members.Values)
        {
            if (!member.Target.SetEquals(assigned[member.Id]))
            {
                writer.Target(group, member.Id, assigned[member.Id], effects);
            }
        }

        writer.TargetEpoch(group, group.Epoch, nowMs, effects);
    }

    // The assignor that most members prefer; among equals, and where nobody does, the first of the setting.
    private IPartitionAssignor AssignorOf(ConsumerGroup group) => PartitionAssignors.Find(PreferredAssignor(group))!;

    /// <summary>The name of the assignor that decides for a group.</summary>
    public string PreferredAssignor(ConsumerGroup group)
    {
        var names = context.Settings.ConsumerAssignors;
        return names.MaxBy(name => group.Members.Values.Count(m => m.Profile.Assignor == name))!;
    }

    private void Step(ConsumerGroup group, ConsumerMember member, IReadOnlySet<TopicIdPartition>? owned, long nowMs, GroupEffects effects)
    {
        var next = MemberReconciliation.Step(member.Progress, group.AssignmentEpoch, member.Target, p => group.IsFreeFor(member.Id, p), owned);
        if (next.IsSameAs(member.Progress))
        {
            return;
        }

        writer.Progress(group, member.Id, next, effects);

        // A classic member's deadlines are those of its JoinGroup and SyncGroup.
        member.RevocationDeadlineMs = !member.IsClassic && next.State == MemberState.UnrevokedPartitions
            ? nowMs + member.Profile.RebalanceTimeoutMs
            : long.MaxValue;
        Remind(group, member);
    }
}
