namespace Samsa.Broker.Configuration;

/// <summary>What a group's settings must keep to beyond each one's own range: the bounds that the broker sets for all groups, and each other.</summary>
public static class GroupResourceRules
{
    private static readonly (ConfigKey<int> Key, ConfigKey<int>? Min, ConfigKey<int>? Max)[] Bounds =
    [
        (GroupResourceConfigs.ConsumerAssignmentIntervalMs, GroupConfigs.ConsumerMinAssignmentIntervalMs, GroupConfigs.ConsumerMaxAssignmentIntervalMs),
        (GroupResourceConfigs.ConsumerHeartbeatIntervalMs, GroupConfigs.ConsumerMinHeartbeatIntervalMs, GroupConfigs.ConsumerMaxHeartbeatIntervalMs),
        (GroupResourceConfigs.ConsumerSessionTimeoutMs, GroupConfigs.ConsumerMinSessionTimeoutMs, GroupConfigs.ConsumerMaxSessionTimeoutMs),
        (GroupResourceConfigs.ShareAssignmentIntervalMs, ShareGroupConfigs.MinAssignmentIntervalMs, ShareGroupConfigs.MaxAssignmentIntervalMs),
        (GroupResourceConfigs.ShareDeliveryCountLimit, ShareGroupConfigs.MinDeliveryCountLimit, ShareGroupConfigs.MaxDeliveryCountLimit),
        (GroupResourceConfigs.ShareHeartbeatIntervalMs, ShareGroupConfigs.MinHeartbeatIntervalMs, ShareGroupConfigs.MaxHeartbeatIntervalMs),
        (GroupResourceConfigs.SharePartitionMaxRecordLocks, ShareGroupConfigs.MinPartitionMaxRecordLocks, ShareGroupConfigs.MaxPartitionMaxRecordLocks),
        (GroupResourceConfigs.ShareRecordLockDurationMs, ShareGroupConfigs.MinRecordLockDurationMs, ShareGroupConfigs.MaxRecordLockDurationMs),
        (GroupResourceConfigs.ShareSessionTimeoutMs, ShareGroupConfigs.MinSessionTimeoutMs, ShareGroupConfigs.MaxSessionTimeoutMs),
        (GroupResourceConfigs.StreamsAssignmentIntervalMs, StreamsGroupConfigs.MinAssignmentIntervalMs, StreamsGroupConfigs.MaxAssignmentIntervalMs),
        (GroupResourceConfigs.StreamsHeartbeatIntervalMs, StreamsGroupConfigs.MinHeartbeatIntervalMs, StreamsGroupConfigs.MaxHeartbeatIntervalMs),
        (GroupResourceConfigs.StreamsNumStandbyReplicas, null, StreamsGroupConfigs.MaxStandbyReplicas),
        (GroupResourceConfigs.StreamsSessionTimeoutMs, StreamsGroupConfigs.MinSessionTimeoutMs, StreamsGroupConfigs.MaxSessionTimeoutMs),
    ];

    private static readonly (ConfigKey<int> Session, ConfigKey<int> Heartbeat)[] Pairs =
    [
        (GroupResourceConfigs.ConsumerSessionTimeoutMs, GroupResourceConfigs.ConsumerHeartbeatIntervalMs),
        (GroupResourceConfigs.ShareSessionTimeoutMs, GroupResourceConfigs.ShareHeartbeatIntervalMs),
        (GroupResourceConfigs.StreamsSessionTimeoutMs, GroupResourceConfigs.StreamsHeartbeatIntervalMs),
    ];

    /// <summary>Checks what a group is to have set, one by one and together, with Kafka's message where it is refused.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">All that would be set on the group.</param>
    public static ConfigVerdict ValidateGroup(this BrokerConfig config, IReadOnlyDictionary<string, string> overrides)
    {
        foreach (var (name, value) in overrides)
        {
            if (GroupResourceConfigs.Validate(name, value) is { IsValid: false } refused)
            {
                return refused;
            }
        }

        foreach (var (key, min, max) in Bounds)
        {
            if (!overrides.ContainsKey(key.Name))
            {
                continue;
            }

            var value = config.Get(overrides, key);
            if (min is not null && value < config.Get(min))
            {
                return ConfigVerdict.Refused($"{key} must be greater than or equal to {min}");
            }

            if (max is not null && value > config.Get(max))
            {
                return ConfigVerdict.Refused($"{key} must be less than or equal to {max}");
            }
        }

        foreach (var (session, heartbeat) in Pairs)
        {
            if ((overrides.ContainsKey(session.Name) || overrides.ContainsKey(heartbeat.Name)) && config.Get(overrides, session) <= config.Get(overrides, heartbeat))
            {
                return ConfigVerdict.Refused($"{session} must be greater than {heartbeat}");
            }
        }

        return ConfigVerdict.Valid;
    }
}
