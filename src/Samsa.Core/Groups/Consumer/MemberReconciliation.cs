namespace Samsa.Core.Groups.Consumer;

/// <summary>
/// One step of a member from what it has to its target (KIP-848): first it gives up what it shall not have, then it enters
/// the target's epoch, then it gets what others have given up.
/// </summary>
internal static class MemberReconciliation
{
    /// <summary>The step.</summary>
    /// <param name="member">Where the member is.</param>
    /// <param name="targetEpoch">The epoch of the target assignment.</param>
    /// <param name="target">What the member shall have.</param>
    /// <param name="isFree">Whether no other member has a partition.</param>
    /// <param name="owned">What the member says it has; null where it did not say.</param>
    public static MemberProgress Step(
        MemberProgress member, int targetEpoch, IReadOnlySet<TopicIdPartition> target, Func<TopicIdPartition, bool> isFree, IReadOnlySet<TopicIdPartition>? owned)
    {
        switch (member.State)
        {
            case MemberState.Stable when member.Epoch == targetEpoch:
                return member;
            case MemberState.UnrevokedPartitions when StillHas(member.Revoking.Keys, owned):
                return member;
            case MemberState.UnrevokedPartitions:
                // What it was told to give up is gone, which completes the epoch after its own.
                return Next(member, member.Epoch + 1, targetEpoch, target, isFree, owned);
            default:
                return Next(member, member.Epoch, targetEpoch, target, isFree, owned);
        }
    }

    private static MemberProgress Next(
        MemberProgress member, int epoch, int targetEpoch, IReadOnlySet<TopicIdPartition> target, Func<TopicIdPartition, bool> isFree, IReadOnlySet<TopicIdPartition>? owned)
    {
        var kept = member.Assigned.Where(p => target.Contains(p.Key)).ToDictionary();
        var excess = member.Assigned.Where(p => !target.Contains(p.Key)).ToDictionary();
        if (excess.Count > 0 && StillHas(excess.Keys, owned))
        {
            return member.At(epoch, MemberState.UnrevokedPartitions, kept, excess);
        }

        var waits = false;
        foreach (var partition in target)
        {
            if (kept.ContainsKey(partition))
            {
                continue;
            }

            if (isFree(partition))
            {
                kept.Add(partition, targetEpoch);
            }
            else
            {
                waits = true;
            }
        }

        return member.At(targetEpoch, waits ? MemberState.UnreleasedPartitions : MemberState.Stable, kept);
    }

    private static bool StillHas(IEnumerable<TopicIdPartition> partitions, IReadOnlySet<TopicIdPartition>? owned) =>
        owned is null || partitions.Any(owned.Contains);
}
