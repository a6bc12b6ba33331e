using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Groups;

/// <summary>One group, of whichever protocol, as the offsets and the admin APIs see it.</summary>
/// <param name="id">Its id.</param>
public abstract class Group(string id)
{
    /// <summary>Its id.</summary>
    public string Id { get; } = id;

    /// <summary>The kind as ListGroups names it (KIP-848): <c>classic</c> or <c>consumer</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The state as ListGroups names it, for example <c>Stable</c>.</summary>
    public abstract string StateName { get; }

    /// <summary>The protocol type, <c>consumer</c> for consumers; empty for a group that only commits.</summary>
    public abstract string ProtocolTypeName { get; }

    /// <summary>Whether it has no members.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>How many members it has.</summary>
    public abstract int MemberCount { get; }

    /// <summary>Whether the sender of a commit may commit; a live member's session is prolonged by that.</summary>
    public abstract ErrorCode CheckCommit(OffsetCommitRequest request, short version, long nowMs);

    /// <summary>Whether that sender, whom <see cref="CheckCommit"/> let pass, may commit one partition.</summary>
    public virtual ErrorCode CheckCommitOf(OffsetCommitRequest request, TopicId topic, int partition) => ErrorCode.None;

    /// <summary>Whether a member may read offsets (v9 and later name the member).</summary>
    public abstract ErrorCode CheckFetch(string? memberId, int memberEpoch);

    /// <summary>Whether offsets may be deleted at all, whatever the topic.</summary>
    public abstract ErrorCode CheckOffsetDelete();

    /// <summary>Whether the group consumes the topic now, so that its offsets must stay.</summary>
    public abstract bool IsSubscribedTo(string topic);

    /// <summary>Since when a committed offset counts as unused (KIP-211), or null while it is in use.</summary>
    public abstract long? UnusedSince(string topic, long commitTimestampMs);

    /// <summary>Appends the tombstones of what the group itself wrote.</summary>
    public abstract void AppendTombstones(GroupEffects effects);
}
