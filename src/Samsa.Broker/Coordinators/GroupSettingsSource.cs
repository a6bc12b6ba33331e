using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Core.Groups;
using Samsa.Core.Metadata;

namespace Samsa.Broker.Coordinators;

/// <summary>The settings of groups as they are now; one instance is kept for as long as nothing changes.</summary>
internal sealed class GroupSettingsSource(CurrentConfig current)
{
    private (BrokerConfig Config, GroupSettings Settings)? _kept;

    /// <summary>The settings in force.</summary>
    public GroupSettings Current
    {
        get
        {
            var config = current.Broker;
            if (_kept is not { } kept || !ReferenceEquals(kept.Config, config))
            {
                kept = (config, Read(config));
                _kept = kept;
            }

            return kept.Settings;
        }
    }

    private GroupSettings Read(BrokerConfig config) => new()
    {
        MinSessionTimeoutMs = config.Get(GroupConfigs.MinSessionTimeoutMs),
        MaxSessionTimeoutMs = config.Get(GroupConfigs.MaxSessionTimeoutMs),
        InitialRebalanceDelayMs = config.Get(GroupConfigs.InitialRebalanceDelayMs),
        MaxSize = config.Get(GroupConfigs.MaxSize),
        OffsetMetadataMaxBytes = config.Get(GroupConfigs.OffsetMetadataMaxBytes),
        OffsetsRetentionMs = config.Get(GroupConfigs.OffsetsRetentionMinutes) * 60_000L,
        OffsetsRetentionCheckIntervalMs = config.Get(GroupConfigs.OffsetsRetentionCheckIntervalMs),
        ConsumerMaxSize = config.Get(GroupConfigs.ConsumerMaxSize),
        ConsumerAssignors = config.Get(GroupConfigs.ConsumerAssignors),
        ConsumerMigrationPolicy = config.Get(GroupConfigs.ConsumerMigrationPolicy).ToLowerInvariant(),
        ConsumerProtocolEnabled = config.Get(GroupConfigs.CoordinatorRebalanceProtocols).Contains("consumer", StringComparer.OrdinalIgnoreCase),
        ConsumerTimesOf = group => TimesOf(group, config),
    };

    private ConsumerGroupTimes TimesOf(string group, BrokerConfig config)
    {
        var own = current.OverridesOf(new ConfigResource(ConfigResourceType.Group, group));
        return new ConsumerGroupTimes(
            Value("consumer.session.timeout.ms", config.Get(GroupConfigs.ConsumerSessionTimeoutMs)),
            Value("consumer.heartbeat.interval.ms", config.Get(GroupConfigs.ConsumerHeartbeatIntervalMs)),
            Value("consumer.assignment.interval.ms", config.Get(GroupConfigs.ConsumerAssignmentIntervalMs)));

        int Value(string name, int fallback) => own.TryGetValue(name, out var text) && int.TryParse(text, out var value) ? value : fallback;
    }
}
