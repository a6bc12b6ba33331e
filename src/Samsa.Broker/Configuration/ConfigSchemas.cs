using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Configuration;

/// <summary>What the tables of settings say to decisions about configuration.</summary>
internal static class ConfigSchemas
{
    /// <summary>The schema of every kind of resource.</summary>
    /// <param name="broker">The settings of the broker that decides, as they are now: what topics and groups fall back to.</param>
    public static ConfigSchema Of(Func<BrokerConfig> broker) => new(
        static (type, name) => Find(type, name)?.Type == ConfigType.List,
        static (type, name) => Find(type, name)?.DefaultText,
        (resource, all, given) => Refuse(broker(), resource, all, given) is { IsValid: false } refused ? (refused.Error, refused.Message!) : null);

    private static ConfigKey? Find(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Topic => TopicConfigs.Find(name),
        ConfigResourceType.Broker => BrokerConfigs.Find(name),
        ConfigResourceType.ClientMetrics => ClientMetricsConfigs.Find(name),
        ConfigResourceType.Group => GroupResourceConfigs.Find(name),
        _ => null,
    };

    // Of a broker only what changes is looked at: what was set before may be another release's.
    private static ConfigVerdict Refuse(
        BrokerConfig broker, ConfigResource resource, IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> given) =>
        resource.Type switch
        {
            ConfigResourceType.Topic => broker.Validate(all),
            ConfigResourceType.Broker => DynamicConfigs.Validate(given, everyBroker: resource.Name.Length == 0),
            ConfigResourceType.ClientMetrics => all.Select(s => ClientMetricsConfigs.Validate(s.Key, s.Value)).FirstOrDefault(v => !v.IsValid),
            ConfigResourceType.Group => broker.ValidateGroup(all),
            _ => new ConfigVerdict(ErrorCode.InvalidRequest, $"Unknown resource type {(sbyte)resource.Type}"),
        };
}
