using Samsa.Protocol.Records;

namespace Samsa.Core.Groups.Consumer;

/// <summary>Where a member is: its epoch and its partitions. Immutable; a change is a new record.</summary>
internal sealed record MemberProgress
{
    /// <summary>The epoch of a member that is about to join.</summary>
    public const int JoiningEpoch = 0;

    /// <summary>The epoch by which a member leaves for good.</summary>
    public const int LeavingEpoch = -1;

    /// <summary>The epoch of a static member that is away and may come back.</summary>
    public const int AwayEpoch = -2;

    private static readonly Dictionary<TopicIdPartition, int> s_nothing = [];

    /// <summary>A member that has nothing yet.</summary>
    public static MemberProgress Joining { get; } = new();

    public int Epoch { get; init; } = JoiningEpoch;

    /// <summary>The epoch before: the answer that told the member the present one may have been lost.</summary>
    public int PreviousEpoch { get; init; } = JoiningEpoch;

    public MemberState State { get; init; } = MemberState.Stable;

    /// <summary>What the member may read, with the epoch since when it has each partition.</summary>
    public IReadOnlyDictionary<TopicIdPartition, int> Assigned { get; init; } = s_nothing;

    /// <summary>What it has to give up and may still read.</summary>
    public IReadOnlyDictionary<TopicIdPartition, int> Revoking { get; init; } = s_nothing;

    /// <summary>Everything that nobody else may have.</summary>
    public IEnumerable<TopicIdPartition> Held => Assigned.Keys.Concat(Revoking.Keys);

    public static MemberProgress From(ConsumerGroupCurrentMemberAssignmentValue value) => new()
    {
        Epoch = value.MemberEpoch,
        PreviousEpoch = value.PreviousMemberEpoch,
        State = (MemberState)value.State,
        Assigned = Read(value.AssignedPartitions, value.MemberEpoch),
        Revoking = Read(value.PartitionsPendingRevocation, value.MemberEpoch),
    };

    /// <summary>Whether it has all that the target of that epoch gives it.</summary>
    public bool IsReconciledTo(int epoch) => State == MemberState.Stable && Epoch == epoch;

    /// <summary>The member begins anew and says it holds nothing; what it was assigned waits for it.</summary>
    public MemberProgress Restarted() => Joining with { Assigned = Assigned };

    /// <summary>A static member is away for a while.</summary>
    public MemberProgress Away() => this with { Epoch = AwayEpoch, Revoking = s_nothing };

    public MemberProgress At(int epoch, MemberState state, IReadOnlyDictionary<TopicIdPartition, int> assigned, IReadOnlyDictionary<TopicIdPartition, int>? revoking = null) => new()
    {
        Epoch = epoch,
        PreviousEpoch = epoch == Epoch ? PreviousEpoch : Epoch,
        State = state,
        Assigned = assigned,
        Revoking = revoking ?? s_nothing,
    };

    public bool IsSameAs(MemberProgress other) =>
        (Epoch, PreviousEpoch, State) == (other.Epoch, other.PreviousEpoch, other.State)
        && AreSame(Assigned, other.Assigned)
        && AreSame(Revoking, other.Revoking);

    public ConsumerGroupCurrentMemberAssignmentValue ToRecord() => new()
    {
        MemberEpoch = Epoch,
        PreviousMemberEpoch = PreviousEpoch,
        State = (sbyte)State,
        AssignedPartitions = Write(Assigned),
        PartitionsPendingRevocation = Write(Revoking),
    };

    private static bool AreSame(IReadOnlyDictionary<TopicIdPartition, int> one, IReadOnlyDictionary<TopicIdPartition, int> other) =>
        one.Count == other.Count && one.All(p => other.TryGetValue(p.Key, out var epoch) && epoch == p.Value);

    private static Dictionary<TopicIdPartition, int> Read(ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions[] topics, int epoch)
    {
        var partitions = new Dictionary<TopicIdPartition, int>();
        foreach (var topic in topics)
        {
            for (var i = 0; i < topic.Partitions.Length; i++)
            {
                // Records of brokers before Kafka 4.3 do not say since when.
                partitions[new(topic.TopicId, topic.Partitions[i])] =
                    topic.AssignmentEpochs is { } epochs && i < epochs.Length ? epochs[i] : epoch;
            }
        }

        return partitions;
    }

    private static ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions[] Write(IReadOnlyDictionary<TopicIdPartition, int> partitions) =>
        partitions.Keys.ByTopic((topic, indexes) => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions
        {
            TopicId = topic,
            Partitions = indexes,
            AssignmentEpochs = [.. indexes.Select(i => partitions[new(topic, i)])],
        });
}
