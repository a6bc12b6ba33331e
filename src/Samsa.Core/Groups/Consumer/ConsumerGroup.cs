using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>
/// A group whose coordinator decides who reads what (KIP-848). Everything a record says changes by the Apply methods only,
/// live as in a replay.
/// </summary>
internal sealed class ConsumerGroup(string id) : Group(id)
{
    private const short FirstCommitVersion = 9;

    private readonly Dictionary<TopicIdPartition, string> _holders = [];

    /// <summary>Members by id.</summary>
    public SortedDictionary<string, ConsumerMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of static members by instance id.</summary>
    public Dictionary<string, string> StaticMembers { get; } = new(StringComparer.Ordinal);

    /// <summary>What the regular expressions of its members stand for.</summary>
    public SortedDictionary<string, ResolvedRegex> Regexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Grows with each change that needs a new assignment.</summary>
    public int Epoch { get; private set; }

    /// <summary>The subscribed topics of the epoch, as a fingerprint.</summary>
    public long TopicsHash { get; private set; }

    /// <summary>The epoch for which the target assignment was computed.</summary>
    public int AssignmentEpoch { get; private set; }

    /// <summary>When that was; 0 where it is not known.</summary>
    public long AssignedAtMs { get; private set; }

    /// <summary>Whether a record of the form before Kafka 4.1 says which topics there are.</summary>
    public bool HasPartitionMetadata { get; private set; }

    /// <summary>The newest version of the topics that was looked at; no record holds it.</summary>
    public long SeenTopicsVersion { get; set; } = -1;

    /// <inheritdoc/>
    public override string Kind => "consumer";

    /// <inheritdoc/>
    public override string StateName => IsEmpty ? "Empty"
        : Epoch > AssignmentEpoch ? "Assigning"
        : Members.Values.All(m => m.Progress.IsReconciledTo(AssignmentEpoch)) ? "Stable"
        : "Reconciling";

    /// <inheritdoc/>
    public override string ProtocolTypeName => "consumer";

    /// <inheritdoc/>
    public override bool IsEmpty => Members.Count == 0;

    /// <inheritdoc/>
    public override int MemberCount => Members.Count;

    /// <summary>Members that came by JoinGroup.</summary>
    public IEnumerable<ConsumerMember> ClassicMembers => Members.Values.Where(m => m.IsClassic);

    /// <summary>The static member of that instance id, or null.</summary>
    public ConsumerMember? StaticMember(string instanceId) =>
        StaticMembers.TryGetValue(instanceId, out var memberId) ? Members.GetValueOrDefault(memberId) : null;

    /// <summary>Whether nobody but that member may read a partition.</summary>
    public bool IsFreeFor(string memberId, TopicIdPartition partition) =>
        !_holders.TryGetValue(partition, out var holder) || holder == memberId;

    /// <summary>Whether a member still waits for partitions of others.</summary>
    public bool IsWaiting(ConsumerMember member) =>
        member.Progress.State == MemberState.UnreleasedPartitions
        && member.Target.Any(p => !member.Progress.Assigned.ContainsKey(p) && !IsFreeFor(member.Id, p));

    /// <summary>The names of topics a profile asks for, whether they exist or not.</summary>
    public IEnumerable<string> TopicsOf(MemberProfile profile) =>
        Regexes.TryGetValue(profile.Regex, out var regex) ? profile.Topics.Union(regex.Topics, StringComparer.Ordinal) : profile.Topics;

    /// <inheritdoc/>
    public override ErrorCode CheckCommit(OffsetCommitRequest request, short version, long nowMs)
    {
        // Who is no member commits to a group without members only.
        if (request.GenerationIdOrMemberEpoch < 0 && IsEmpty)
        {
            return ErrorCode.None;
        }

        return !Members.TryGetValue(request.MemberId, out var member) ? ErrorCode.UnknownMemberId
            : !member.IsClassic && version < FirstCommitVersion ? ErrorCode.UnsupportedVersion
            : request.GenerationIdOrMemberEpoch > member.Progress.Epoch ? Stale(member)
            : ErrorCode.None;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckCommitOf(OffsetCommitRequest request, TopicId topic, int partition)
    {
        if (!Members.TryGetValue(request.MemberId, out var member) || request.GenerationIdOrMemberEpoch == member.Progress.Epoch)
        {
            return ErrorCode.None;
        }

        // KIP-1251: who has a partition since an epoch may commit it with that epoch or a later one.
        var (name, progress) = (new TopicIdPartition(topic, partition), member.Progress);
        return (progress.Assigned.TryGetValue(name, out var since) || progress.Revoking.TryGetValue(name, out since))
            && request.GenerationIdOrMemberEpoch >= since ? ErrorCode.None : Stale(member);
    }

    /// <inheritdoc/>
    public override ErrorCode CheckFetch(string? memberId, int memberEpoch) =>
        memberId is null && memberEpoch < 0 ? ErrorCode.None
        : memberId is null || !Members.TryGetValue(memberId, out var member) ? ErrorCode.UnknownMemberId
        : memberEpoch != member.Progress.Epoch ? Stale(member)
        : ErrorCode.None;

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

    /// <inheritdoc/>
    public override bool IsSubscribedTo(string topic) =>
        Members.Values.Any(m => m.Profile.Topics.Contains(topic, StringComparer.Ordinal)
            || (Regexes.TryGetValue(m.Profile.Regex, out var regex) && regex.Topics.Contains(topic, StringComparer.Ordinal)));

    /// <inheritdoc/>
    public override long? UnusedSince(string topic, long commitTimestampMs) => IsSubscribedTo(topic) ? null : commitTimestampMs;

    /// <inheritdoc/>
    public override void AppendTombstones(GroupEffects effects)
    {
        foreach (var member in Members.Keys)
        {
            effects.Append(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = Id, MemberId = member }, value: null);
            effects.Append(new ConsumerGroupTargetAssignmentMemberKey { GroupId = Id, MemberId = member }, value: null);
            effects.Append(new ConsumerGroupMemberMetadataKey { GroupId = Id, MemberId = member }, value: null);
        }

        effects.Append(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = Id }, value: null);
        foreach (var regex in Regexes.Keys)
        {
            effects.Append(new ConsumerGroupRegularExpressionKey { GroupId = Id, RegularExpression = regex }, value: null);
        }

        if (HasPartitionMetadata)
        {
            effects.Append(new ConsumerGroupPartitionMetadataKey { GroupId = Id }, value: null);
        }

        effects.Append(new ConsumerGroupMetadataKey { GroupId = Id }, value: null);
    }

    public void Apply(ConsumerGroupMetadataValue value) => (Epoch, TopicsHash) = (value.Epoch, value.MetadataHash);

    public void Apply(ConsumerGroupPartitionMetadataValue? value) => HasPartitionMetadata = value is not null;

    public void Apply(ConsumerGroupTargetAssignmentMetadataValue? value) =>
        (AssignmentEpoch, AssignedAtMs) = (value?.AssignmentEpoch ?? 0, value?.AssignmentTimestamp ?? 0);

    public void Apply(string regex, ConsumerGroupRegularExpressionValue? value)
    {
        if (value is null)
        {
            _ = Regexes.Remove(regex);
        }
        else
        {
            Regexes[regex] = new ResolvedRegex(value.Topics, value.Version, value.Timestamp);
        }
    }

    public void Apply(string memberId, ConsumerGroupMemberMetadataValue? value)
    {
        if (value is null)
        {
            Remove(memberId);
            return;
        }

        var member = MemberOf(memberId);
        member.Profile = MemberProfile.From(value);
        if (value.InstanceId is { } instance)
        {
            StaticMembers[instance] = memberId;
        }
    }

    public void Apply(string memberId, ConsumerGroupTargetAssignmentMemberValue? value)
    {
        if (value is not null)
        {
            MemberOf(memberId).Target = value.TopicPartitions.Flatten(t => (t.TopicId, t.Partitions));
        }
        else if (Members.TryGetValue(memberId, out var member))
        {
            member.Target = TopicIdPartitions.None;
        }
    }

    public void Apply(string memberId, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        if (value is not null || Members.ContainsKey(memberId))
        {
            var member = MemberOf(memberId);
            Release(member);
            member.Progress = value is null ? MemberProgress.Joining : MemberProgress.From(value);
            Hold(member);
        }
    }

    /// <summary>The last record was replayed: who holds what is counted anew, for a compacted log may show states that never were together.</summary>
    public void CountHolders()
    {
        _holders.Clear();
        foreach (var member in Members.Values)
        {
            Hold(member);
        }
    }

    private static ErrorCode Stale(ConsumerMember member) => member.IsClassic ? ErrorCode.IllegalGeneration : ErrorCode.StaleMemberEpoch;

    private ConsumerMember MemberOf(string memberId)
    {
        if (!Members.TryGetValue(memberId, out var member))
        {
            Members.Add(memberId, member = new ConsumerMember(memberId));
        }

        return member;
    }

    private void Remove(string memberId)
    {
        if (!Members.Remove(memberId, out var member))
        {
            return;
        }

        Release(member);
        if (member.Profile.InstanceId is { } instance && StaticMembers.GetValueOrDefault(instance) == memberId)
        {
            _ = StaticMembers.Remove(instance);
        }
    }

    private void Hold(ConsumerMember member)
    {
        foreach (var partition in member.Progress.Held)
        {
            _holders[partition] = member.Id;
        }
    }

    private void Release(ConsumerMember member)
    {
        foreach (var partition in member.Progress.Held)
        {
            if (_holders.GetValueOrDefault(partition) == member.Id)
            {
                _ = _holders.Remove(partition);
            }
        }
    }
}
