using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Classic;

/// <summary>A group whose members agree among themselves who reads what (KIP-62, KIP-345); one may also only commit offsets.</summary>
internal sealed class ClassicGroup(string id) : Group(id)
{
    private const string ConsumerProtocolType = "consumer";

    /// <summary>Members by id, in the order in which they came.</summary>
    public OrderedDictionary<string, ClassicMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of static members by instance id.</summary>
    public Dictionary<string, string> StaticMembers { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids that were handed out and have not joined, with the time at which they are forgotten (KIP-394).</summary>
    public Dictionary<string, long> PendingMembers { get; } = new(StringComparer.Ordinal);

    /// <summary>Members of this generation that have not sent SyncGroup.</summary>
    public HashSet<string> PendingSyncs { get; } = new(StringComparer.Ordinal);

    public ClassicState State { get; private set; } = ClassicState.Empty;

    /// <summary>The state before this one.</summary>
    public ClassicState PreviousState { get; private set; } = ClassicState.Empty;

    /// <summary>When it entered the state; -1 where that is not known.</summary>
    public long StateSinceMs { get; set; } = -1;

    public string? ProtocolType { get; set; }

    public int Generation { get; set; }

    public string? Protocol { get; set; }

    public string? LeaderId { get; set; }

    /// <summary>The topics its members subscribe to, or null where the subscriptions are not a consumer's.</summary>
    public HashSet<string>? SubscribedTopics { get; private set; }

    /// <summary>When the join phase ends; <see cref="long.MaxValue"/> outside of one.</summary>
    public long JoinDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>How much longer the first rebalance may be put off for members that still come.</summary>
    public int InitialDelayLeftMs { get; set; }

    /// <summary>Whether a member came since the first rebalance was last put off.</summary>
    public bool MemberAdded { get; set; }

    /// <summary>When members that have not sent SyncGroup are removed; <see cref="long.MaxValue"/> where none is awaited.</summary>
    public long SyncDeadlineMs { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    public override string Kind => "classic";

    /// <inheritdoc/>
    public override string StateName => State.ToString();

    /// <inheritdoc/>
    public override string ProtocolTypeName => ProtocolType ?? "";

    /// <inheritdoc/>
    public override bool IsEmpty => State == ClassicState.Empty;

    /// <inheritdoc/>
    public override int MemberCount => Members.Count;

    public int JoinedCount => Members.Values.Count(m => m.Joining is not null);

    public bool HasAllJoined => PendingMembers.Count == 0 && Members.Values.All(m => m.Joining is not null);

    public int RebalanceTimeoutMs => Members.Values.Select(m => m.RebalanceTimeoutMs).DefaultIfEmpty(0).Max();

    public void Enter(ClassicState state, long nowMs)
    {
        (PreviousState, State, StateSinceMs) = (State, state, nowMs);
    }

    /// <summary>Whether a member with such protocols fits to those already there.</summary>
    public bool Supports(string protocolType, IEnumerable<string> protocols) => State == ClassicState.Empty
        ? protocolType.Length > 0 && protocols.Any()
        : protocolType == ProtocolType && protocols.Any(p => Members.Values.All(m => m.Protocols.Any(own => own.Name == p)));

    /// <summary>The protocol that most members prefer among those all support.</summary>
    public string ChooseProtocol()
    {
        var common = Members.Values.Select(m => m.Protocols.Select(p => p.Name)).Aggregate((a, b) => a.Intersect(b, StringComparer.Ordinal));
        var candidates = common.ToHashSet(StringComparer.Ordinal);
        return Members.Values
            .Select(m => m.Protocols.First(p => candidates.Contains(p.Name)).Name)
            .GroupBy(p => p, StringComparer.Ordinal)
            .MaxBy(votes => votes.Count())!.Key;
    }

    /// <summary>Whether the sender is the member it says to be.</summary>
    public ErrorCode CheckMember(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!StaticMembers.TryGetValue(instanceId, out var current))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (current != memberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }

        return Members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckCommit(OffsetCommitRequest request, short version, long nowMs)
    {
        var generation = request.GenerationIdOrMemberEpoch;
        if (generation < 0 && State == ClassicState.Empty)
        {
            return ErrorCode.None;
        }

        if (generation < 0 && request.MemberId.Length == 0 && request.GroupInstanceId is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (CheckMember(request.MemberId, request.GroupInstanceId) is var refusal and not ErrorCode.None)
        {
            return refusal;
        }

        if (generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (State == ClassicState.CompletingRebalance)
        {
            return ErrorCode.RebalanceInProgress;
        }

        var member = Members[request.MemberId];
        member.SessionDeadlineMs = Math.Max(member.SessionDeadlineMs, nowMs + member.SessionTimeoutMs);
        return ErrorCode.None;
    }

    /// <inheritdoc/>
    public override ErrorCode CheckFetch(string? memberId, int memberEpoch) => ErrorCode.None;

    /// <inheritdoc/>
    public override ErrorCode CheckOffsetDelete() =>
        State == ClassicState.Empty || ProtocolType == ConsumerProtocolType ? ErrorCode.None : ErrorCode.NonEmptyGroup;

    /// <inheritdoc/>
    public override bool IsSubscribedTo(string topic) =>
        SubscribedTopics?.Contains(topic) ?? (State != ClassicState.Empty && ProtocolType == ConsumerProtocolType);

    /// <inheritdoc/>
    public override long? UnusedSince(string topic, long commitTimestampMs) => (State, ProtocolType) switch
    {
        (ClassicState.Empty, null) => commitTimestampMs,
        (ClassicState.Empty, _) => StateSinceMs >= 0 ? StateSinceMs : commitTimestampMs,
        (ClassicState.Stable, ConsumerProtocolType) when SubscribedTopics is { } topics && !topics.Contains(topic) => commitTimestampMs,
        _ => null,
    };

    /// <inheritdoc/>
    public override void AppendTombstones(GroupEffects effects) => effects.Append(new GroupMetadataKey { Group = Id }, value: null);

    /// <summary>The group as DescribeGroups shows it; the caller sets what only newer versions carry.</summary>
    public DescribeGroupsResponse.DescribedGroup Describe() => new()
    {
        GroupId = Id,
        GroupState = StateName,
        ProtocolType = ProtocolTypeName,
        ProtocolData = State == ClassicState.Stable ? Protocol ?? "" : "",
        Members =
        [
            .. Members.Values.Select(m => new DescribeGroupsResponse.DescribedGroupMember
            {
                MemberId = m.Id,
                GroupInstanceId = m.InstanceId,
                ClientId = m.ClientId,
                ClientHost = m.ClientHost,
                MemberMetadata = State == ClassicState.Stable ? m.MetadataFor(Protocol) : default(ReadOnlyMemory<byte>),
                MemberAssignment = m.Assignment,
            }),
        ],
    };

    /// <summary>The group as a record, with the assignments as they are now.</summary>
    public void AppendMetadata(GroupEffects effects, Func<ClassicMember, byte[]> assignmentOf) => effects.Append(
        new GroupMetadataKey { Group = Id },
        new GroupMetadataValue
        {
            ProtocolType = ProtocolType ?? "",
            Generation = Generation,
            Protocol = Protocol,
            Leader = LeaderId,
            CurrentStateTimestamp = StateSinceMs,
            Members =
            [
                .. Members.Values.Select(m => new GroupMetadataValue.MemberMetadata
                {
                    MemberId = m.Id,
                    GroupInstanceId = m.InstanceId,
                    ClientId = m.ClientId,
                    ClientHost = m.ClientHost,
                    RebalanceTimeout = m.RebalanceTimeoutMs,
                    SessionTimeout = m.SessionTimeoutMs,
                    Subscription = m.MetadataFor(Protocol),
                    Assignment = assignmentOf(m),
                }),
            ],
        });

    /// <summary>Reads the members' subscriptions again.</summary>
    public void NoteSubscriptions()
    {
        SubscribedTopics = null;
        if (ProtocolType != ConsumerProtocolType || Members.Count == 0)
        {
            SubscribedTopics = ProtocolType == ConsumerProtocolType ? [] : null;
            return;
        }

        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in Members.Values)
        {
            if (!ConsumerSubscription.TryReadTopics(member.MetadataFor(Protocol), topics))
            {
                return;
            }
        }

        SubscribedTopics = topics;
    }
}
