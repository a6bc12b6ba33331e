namespace Samsa.Core.Groups.Offsets;

/// <summary>Forgets offsets that nobody used for <c>offsets.retention.minutes</c> (KIP-211), and groups that have nothing left.</summary>
internal sealed class OffsetExpiration(GroupContext context)
{
    /// <summary>Plans the next look.</summary>
    public void Schedule(long nowMs) =>
        context.Deadlines.Add(nowMs + context.Settings.OffsetsRetentionCheckIntervalMs, new Deadline(DeadlineKind.OffsetExpiry, "", ""));

    /// <summary>Looks at every group, and plans the next look.</summary>
    public void Run(long nowMs, GroupEffects effects)
    {
        Schedule(nowMs);
        var retention = context.Settings.OffsetsRetentionMs;
        foreach (var group in context.Groups.Values.ToArray())
        {
            foreach (var (name, offset) in context.Offsets.Of(group.Id)?.ToArray() ?? [])
            {
                if (group.UnusedSince(name.Topic, offset.CommitTimestampMs) is { } since
                    && (offset.ExpireTimestampMs >= 0 ? nowMs >= offset.ExpireTimestampMs : nowMs - since >= retention))
                {
                    _ = context.Offsets.Delete(group.Id, name, effects);
                }
            }

            if (group.IsEmpty && context.Offsets.Of(group.Id) is null)
            {
                group.AppendTombstones(effects);
                _ = context.Groups.Remove(group.Id);
            }
        }
    }
}
