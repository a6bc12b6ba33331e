using System.Buffers;

namespace Samsa.Broker.Configuration;

/// <summary>Settings of single groups (KIP-848, KIP-932, KIP-1071), each falling back to the broker's setting of that meaning.</summary>
public static class GroupResourceConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>consumer.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerAssignmentIntervalMs = Table.Add(GroupConfigs.ConsumerAssignmentIntervalMs.ForGroup(
        "consumer.assignment.interval.ms", "Milliseconds between two computations of the consumer group's assignment, at least."));

    /// <summary><c>consumer.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerHeartbeatIntervalMs = Table.Add(GroupConfigs.ConsumerHeartbeatIntervalMs.ForGroup(
        "consumer.heartbeat.interval.ms", "Milliseconds between heartbeats that members of the consumer group are told."));

    /// <summary><c>consumer.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ConsumerSessionTimeoutMs = Table.Add(GroupConfigs.ConsumerSessionTimeoutMs.ForGroup(
        "consumer.session.timeout.ms", "Milliseconds of silence after which a member of the consumer group is removed."));

    /// <summary><c>share.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> ShareAssignmentIntervalMs = Table.Add(ShareGroupConfigs.AssignmentIntervalMs.ForGroup(
        "share.assignment.interval.ms", "Milliseconds between two computations of the share group's assignment, at least."));

    /// <summary><c>share.auto.offset.reset</c></summary>
    public static readonly ConfigKey<string> ShareAutoOffsetReset = Table.Add(new ConfigKey<string>("share.auto.offset.reset", "latest")
    {
        Scope = ConfigScope.Group, Check = FindResetProblem, CheckDoc = "latest, earliest or by_duration:ISO-8601",
        Doc = "Where the share group begins on a partition it has no start offset for.",
    });

    /// <summary><c>share.delivery.count.limit</c></summary>
    public static readonly ConfigKey<int> ShareDeliveryCountLimit = Table.Add(ShareGroupConfigs.DeliveryCountLimit.ForGroup(
        "share.delivery.count.limit", "How often a record is handed to members of the share group before it is given up."));

    /// <summary><c>share.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> ShareHeartbeatIntervalMs = Table.Add(ShareGroupConfigs.HeartbeatIntervalMs.ForGroup(
        "share.heartbeat.interval.ms", "Milliseconds between heartbeats that members of the share group are told."));

    /// <summary><c>share.isolation.level</c></summary>
    public static readonly ConfigKey<string> ShareIsolationLevel = Table.Add(new ConfigKey<string>("share.isolation.level", "read_uncommitted")
    {
        Scope = ConfigScope.Group, Allowed = ["read_committed", "read_uncommitted"],
        Doc = "Whether the share group sees records of transactions that are open or were aborted.",
    });

    /// <summary><c>share.partition.max.record.locks</c></summary>
    public static readonly ConfigKey<int> SharePartitionMaxRecordLocks = Table.Add(ShareGroupConfigs.PartitionMaxRecordLocks.ForGroup(
        "share.partition.max.record.locks", "Records of one partition that members of the share group may hold at once."));

    /// <summary><c>share.record.lock.duration.ms</c></summary>
    public static readonly ConfigKey<int> ShareRecordLockDurationMs = Table.Add(ShareGroupConfigs.RecordLockDurationMs.ForGroup(
        "share.record.lock.duration.ms", "Milliseconds a member of the share group holds a record it was handed."));

    /// <summary><c>share.renew.acknowledge.enable</c></summary>
    public static readonly ConfigKey<bool> ShareRenewAcknowledgeEnable = Table.Add(new ConfigKey<bool>("share.renew.acknowledge.enable", true)
    {
        Scope = ConfigScope.Group, Doc = "Whether members of the share group may prolong their hold on a record.",
    });

    /// <summary><c>share.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> ShareSessionTimeoutMs = Table.Add(ShareGroupConfigs.SessionTimeoutMs.ForGroup(
        "share.session.timeout.ms", "Milliseconds of silence after which a member of the share group is removed."));

    /// <summary><c>streams.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> StreamsAssignmentIntervalMs = Table.Add(StreamsGroupConfigs.AssignmentIntervalMs.ForGroup(
        "streams.assignment.interval.ms", "Milliseconds between two computations of the streams group's assignment, at least."));

    /// <summary><c>streams.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> StreamsHeartbeatIntervalMs = Table.Add(StreamsGroupConfigs.HeartbeatIntervalMs.ForGroup(
        "streams.heartbeat.interval.ms", "Milliseconds between heartbeats that members of the streams group are told."));

    /// <summary><c>streams.initial.rebalance.delay.ms</c></summary>
    public static readonly ConfigKey<int> StreamsInitialRebalanceDelayMs = Table.Add(StreamsGroupConfigs.InitialRebalanceDelayMs.ForGroup(
        "streams.initial.rebalance.delay.ms", "Milliseconds a new streams group waits for more members before its first assignment."));

    /// <summary><c>streams.num.standby.replicas</c></summary>
    public static readonly ConfigKey<int> StreamsNumStandbyReplicas = Table.Add(StreamsGroupConfigs.NumStandbyReplicas.ForGroup(
        "streams.num.standby.replicas", "Standby copies kept of each task of the streams group."));

    /// <summary><c>streams.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> StreamsSessionTimeoutMs = Table.Add(StreamsGroupConfigs.SessionTimeoutMs.ForGroup(
        "streams.session.timeout.ms", "Milliseconds of silence after which a member of the streams group is removed."));

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly Dictionary<string, ConfigKey> ByName = Table.Keys.ToDictionary(k => k.Name);

    /// <summary>Every key, sorted by name.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;

    /// <summary>The key of a name, or null.</summary>
    public static ConfigKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Checks one value, with Kafka's message where it is refused.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value as it came over the wire.</param>
    public static ConfigVerdict Validate(string name, string? value) =>
        ConfigVerdict.Of(Find(name), name, value, "group");

    private static string? FindResetProblem(object value)
    {
        var text = (string)value;
        return text is "latest" or "earliest" || IsDuration(text)
            ? null
            : "Value must be latest, earliest or by_duration: followed by an ISO-8601 duration that isn't negative";
    }

    // PnDTnHnMn.nS: years, months and weeks are not among them, as they aren't for Kafka.
    private static bool IsDuration(string text)
    {
        const string Prefix = "by_duration:P";
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text.AsSpan(Prefix.Length);
        var units = "D";
        var any = false;
        while (rest.Length > 0)
        {
            if (rest[0] is 'T' or 't' && units.Length <= 1)
            {
                units = "HMS";
                rest = rest[1..];
                any = false;
                continue;
            }

            var digits = rest.IndexOfAnyExcept(Digits);
            var unit = digits <= 0 ? -1 : units.IndexOf(char.ToUpperInvariant(rest[digits]), StringComparison.Ordinal);
            if (unit < 0 || (rest[..digits].Contains('.') && units[unit] != 'S') || rest[..digits].Count('.') > 1 || digits > 12)
            {
                return false;
            }

            units = units[(unit + 1)..];
            rest = rest[(digits + 1)..];
            any = true;
        }

        return any;
    }
}
