namespace Samsa.Core.Groups.Consumer;

/// <summary>One member of a consumer group: what records say of it, and its deadlines, which no record holds.</summary>
internal sealed class ConsumerMember(string id)
{
    public string Id { get; } = id;

    public MemberProfile Profile { get; set; } = new();

    public MemberProgress Progress { get; set; } = MemberProgress.Joining;

    /// <summary>What it shall have.</summary>
    public IReadOnlySet<TopicIdPartition> Target { get; set; } = TopicIdPartitions.None;

    /// <summary>Whether it came by JoinGroup.</summary>
    public bool IsClassic => Profile.Classic is not null;

    /// <summary>When it is taken for dead.</summary>
    public long SessionDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>Until when it must have given up what it was told to.</summary>
    public long RevocationDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>Until when a classic member that was told of a rebalance must join again.</summary>
    public long JoinDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>Until when a classic member that joined must fetch its assignment.</summary>
    public long SyncDeadlineMs { get; set; } = long.MaxValue;

    /// <summary>When somebody looks next whether one of those has come.</summary>
    public long ReminderMs { get; set; } = long.MaxValue;

    /// <summary>The earliest of its deadlines.</summary>
    public long NextDeadlineMs =>
        Math.Min(Math.Min(SessionDeadlineMs, RevocationDeadlineMs), Math.Min(JoinDeadlineMs, SyncDeadlineMs));
}
