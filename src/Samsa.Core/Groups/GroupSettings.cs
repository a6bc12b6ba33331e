namespace Samsa.Core.Groups;

/// <summary>The settings of group coordination; the names are those of the broker's configuration.</summary>
public sealed record GroupSettings
{
    internal const string Upgrade = "upgrade";
    internal const string Downgrade = "downgrade";
    internal const string Bidirectional = "bidirectional";

    /// <summary><c>group.min.session.timeout.ms</c>.</summary>
    public int MinSessionTimeoutMs { get; init; } = 6_000;

    /// <summary><c>group.max.session.timeout.ms</c>.</summary>
    public int MaxSessionTimeoutMs { get; init; } = 1_800_000;

    /// <summary><c>group.initial.rebalance.delay.ms</c>.</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3_000;

    /// <summary><c>group.max.size</c>: members of a classic group.</summary>
    public int MaxSize { get; init; } = int.MaxValue;

    /// <summary><c>offset.metadata.max.bytes</c>.</summary>
    public int OffsetMetadataMaxBytes { get; init; } = 4_096;

    /// <summary><c>offsets.retention.minutes</c>, in milliseconds.</summary>
    public long OffsetsRetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary><c>offsets.retention.check.interval.ms</c>.</summary>
    public long OffsetsRetentionCheckIntervalMs { get; init; } = 600_000;

    /// <summary><c>group.consumer.max.size</c>: members of a consumer group (KIP-848).</summary>
    public int ConsumerMaxSize { get; init; } = int.MaxValue;

    /// <summary><c>group.consumer.assignors</c>; the first is the default.</summary>
    public IReadOnlyList<string> ConsumerAssignors { get; init; } = ["uniform", "range"];

    /// <summary><c>group.consumer.migration.policy</c>: disabled, downgrade, upgrade or bidirectional, in lower case.</summary>
    public string ConsumerMigrationPolicy { get; init; } = Bidirectional;

    /// <summary><c>group.coordinator.rebalance.protocols</c> contains <c>consumer</c>.</summary>
    public bool ConsumerProtocolEnabled { get; init; } = true;

    /// <summary>A group's own <c>consumer.session.timeout.ms</c>, <c>consumer.heartbeat.interval.ms</c> and <c>consumer.assignment.interval.ms</c>.</summary>
    public Func<string, ConsumerGroupTimes> ConsumerTimesOf { get; init; } = static _ => new ConsumerGroupTimes(45_000, 5_000, 1_000);
}

/// <summary>Times of one consumer group, in milliseconds.</summary>
/// <param name="SessionTimeoutMs">Silence after which a member is removed.</param>
/// <param name="HeartbeatIntervalMs">How often members shall send heartbeats.</param>
/// <param name="AssignmentIntervalMs">Least time between two computations of the assignment.</param>
public readonly record struct ConsumerGroupTimes(int SessionTimeoutMs, int HeartbeatIntervalMs, int AssignmentIntervalMs);
