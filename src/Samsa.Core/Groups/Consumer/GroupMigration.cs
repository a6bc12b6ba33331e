using Samsa.Core.Groups.Classic;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>
/// A group changes its protocol while it works (KIP-848): a classic group becomes a consumer group with the first member of
/// the new protocol, its members staying on in theirs, and a classic group again when the last such member is gone.
/// </summary>
internal sealed class GroupMigration(GroupContext context, ConsumerGroupWriter writer, ConsumerRebalance rebalance)
{
    private const string ConsumerProtocolType = "consumer";
    private readonly ClassicRebalance _classicRebalance = new(context);

    /// <summary>Makes a classic group a consumer group.</summary>
    /// <returns>Why not; null where it is done.</returns>
    public string? TryUpgrade(ClassicGroup classic, GroupEffects effects, long nowMs, out ConsumerGroup? group)
    {
        group = null;
        var members = new List<(ClassicMember Member, MemberProfile Profile, HashSet<TopicIdPartition> Assigned)>();
        if (!classic.IsEmpty)
        {
            if (context.Settings.ConsumerMigrationPolicy is not (GroupSettings.Upgrade or GroupSettings.Bidirectional) || classic.ProtocolType != ConsumerProtocolType)
            {
                return $"Group {classic.Id} is not a consumer group.";
            }

            var taken = new HashSet<TopicIdPartition>();
            var claims = new List<(int Generation, HashSet<TopicIdPartition> Owned, HashSet<TopicIdPartition> Assigned)>();
            foreach (var member in classic.Members.Values)
            {
                if (SubscriptionOf(classic, member) is not { } subscription || EmbeddedProtocol.TryReadAssignment(member.Assignment) is not { } assignment)
                {
                    return $"Cannot upgrade the classic group {classic.Id} to consumer group because the embedded consumer protocol is malformed.";
                }

                var assigned = EmbeddedProtocol.Assigned(assignment, context.Topics);
                assigned.ExceptWith(taken);
                taken.UnionWith(assigned);
                members.Add((member, ProfileOf(member, subscription), assigned));
                claims.Add((subscription.GenerationId, EmbeddedProtocol.Owned(subscription, context.Topics), assigned));
            }

            // Between two generations nothing is assigned, but a cooperative member (KIP-429) reads on what it had.
            foreach (var (_, owned, assigned) in claims.OrderByDescending(c => c.Generation))
            {
                owned.ExceptWith(taken);
                assigned.UnionWith(owned);
                taken.UnionWith(owned);
            }
        }

        foreach (var member in classic.Members.Values)
        {
            ClassicRebalance.AnswerWaiting(member, ErrorCode.RebalanceInProgress, effects);
        }

        classic.AppendTombstones(effects);
        group = new ConsumerGroup(classic.Id);
        context.Groups[group.Id] = group;
        if (members.Count > 0)
        {
            Embed(group, classic.Generation, members, nowMs, effects);
        }

        return null;
    }

    /// <summary>Takes a member out; where only classic ones are left, the group is theirs again.</summary>
    public void RemoveOrDowngrade(ConsumerGroup group, ConsumerMember member, long nowMs, GroupEffects effects)
    {
        if (!member.IsClassic && CanDowngrade(group, member.Id))
        {
            Downgrade(group, member.Id, nowMs, effects);
        }
        else
        {
            rebalance.Remove(group, [member.Id], nowMs, effects);
        }
    }

    /// <summary>Makes the group a classic one where that is allowed and all its members are of that protocol.</summary>
    /// <returns>The classic group, or null where nothing changed.</returns>
    public ClassicGroup? TryDowngrade(ConsumerGroup group, long nowMs, GroupEffects effects) =>
        CanDowngrade(group, except: null) ? Downgrade(group, except: null, nowMs, effects) : null;

    private static ConsumerProtocolSubscription? SubscriptionOf(ClassicGroup group, ClassicMember member)
    {
        var metadata = group.Protocol is { } chosen ? member.MetadataFor(chosen) : [];
        return EmbeddedProtocol.TryReadSubscription(metadata.Length > 0 ? metadata : member.Protocols[0].Metadata);
    }

    private static MemberProfile ProfileOf(ClassicMember member, ConsumerProtocolSubscription subscription) => new()
    {
        InstanceId = member.InstanceId,
        RackId = subscription.RackId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        Topics = [.. subscription.Topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        RebalanceTimeoutMs = member.RebalanceTimeoutMs,
        Classic = new(member.SessionTimeoutMs, member.Protocols),
    };

    private void Embed(
        ConsumerGroup group,
        int epoch,
        List<(ClassicMember Member, MemberProfile Profile, HashSet<TopicIdPartition> Assigned)> members,
        long nowMs,
        GroupEffects effects)
    {
        foreach (var (member, profile, _) in members)
        {
            writer.Member(group, member.Id, profile, effects);
        }

        writer.Epoch(group, epoch, topicsHash: 0, effects);
        foreach (var (member, _, assigned) in members)
        {
            writer.Target(group, member.Id, assigned, effects);
        }

        // Without a time: the next assignment need not wait.
        writer.TargetEpoch(group, epoch, nowMs: 0, effects);
        foreach (var (member, profile, assigned) in members)
        {
            var progress = new MemberProgress { Epoch = epoch, PreviousEpoch = epoch, Assigned = assigned.ToDictionary(p => p, _ => epoch) };
            writer.Progress(group, member.Id, progress, effects);
            var embedded = group.Members[member.Id];
            embedded.SessionDeadlineMs = nowMs + profile.Classic!.SessionTimeoutMs;
            rebalance.Remind(group, embedded);
        }
    }

    private bool CanDowngrade(ConsumerGroup group, string? except)
    {
        var left = group.Members.Values.Where(m => m.Id != except).ToArray();
        return left.Length > 0
            && left.Length <= context.Settings.MaxSize
            && left.All(m => m.IsClassic)
            && context.Settings.ConsumerMigrationPolicy is GroupSettings.Downgrade or GroupSettings.Bidirectional;
    }

    private ClassicGroup Downgrade(ConsumerGroup group, string? except, long nowMs, GroupEffects effects)
    {
        var classic = new ClassicGroup(group.Id) { ProtocolType = ConsumerProtocolType, Generation = group.Epoch };
        foreach (var m in group.Members.Values.Where(m => m.Id != except))
        {
            var profile = m.Profile.Classic!;
            var member = new ClassicMember
            {
                Id = m.Id,
                InstanceId = m.Profile.InstanceId,
                ClientId = m.Profile.ClientId,
                ClientHost = m.Profile.ClientHost,
                SessionTimeoutMs = profile.SessionTimeoutMs,
                RebalanceTimeoutMs = m.Profile.RebalanceTimeoutMs > 0 ? m.Profile.RebalanceTimeoutMs : profile.SessionTimeoutMs,
                Protocols = profile.Protocols,
                Assignment = EmbeddedProtocol.WriteAssignment(m.Progress.Assigned.Keys, profile, context.Topics),
            };
            classic.Members.Add(member.Id, member);
            if (member.InstanceId is { } instance)
            {
                classic.StaticMembers[instance] = member.Id;
            }
        }

        writer.Remove(group, effects);
        context.Groups[classic.Id] = classic;
        (classic.LeaderId, classic.Protocol) = (classic.Members.GetAt(0).Key, classic.ChooseProtocol());
        classic.Enter(ClassicState.Stable, nowMs);
        classic.NoteSubscriptions();
        classic.AppendMetadata(effects, static m => m.Assignment);
        foreach (var member in classic.Members.Values)
        {
            _classicRebalance.Touch(classic, member, nowMs);
        }

        // From now on a leader assigns: everybody joins again.
        _classicRebalance.BeginOrComplete(classic, nowMs, effects);
        return classic;
    }
}
