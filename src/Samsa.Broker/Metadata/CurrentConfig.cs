using Samsa.Broker.Configuration;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Metadata;

/// <summary>
/// The settings in force: those given at start, with what the metadata log says was changed since (KIP-226). One
/// instance is kept for as long as nothing changes.
/// </summary>
public sealed class CurrentConfig(BrokerConfig atStart, MetadataState metadata)
{
    private readonly ConfigResource _self = new(ConfigResourceType.Broker, atStart.NodeId.ToString());
    private readonly ConfigResource _everyBroker = new(ConfigResourceType.Broker, "");
    private Snapshot? _snapshot;

    /// <summary>The settings given at start.</summary>
    public BrokerConfig AtStart => atStart;

    /// <summary>The broker's settings now.</summary>
    public BrokerConfig Broker
    {
        get
        {
            var image = metadata.Image;
            var (own, all) = (image.ConfigsOf(_self), image.ConfigsOf(_everyBroker));
            var snapshot = _snapshot;
            if (snapshot is null || !ReferenceEquals(snapshot.Own, own) || !ReferenceEquals(snapshot.All, all))
            {
                snapshot = new Snapshot(own, all, own.IsEmpty && all.IsEmpty ? atStart : atStart.WithDynamic(own, all));
                _snapshot = snapshot;
            }

            return snapshot.Config;
        }
    }

    /// <summary>The settings of a topic's logs.</summary>
    public LogConfig LogConfigOf(string topic) => Broker.ToLogConfig(OverridesOf(ConfigResource.Topic(topic)));

    /// <summary>What was set on a resource itself.</summary>
    public IReadOnlyDictionary<string, string> OverridesOf(ConfigResource resource) => metadata.Image.ConfigsOf(resource);

    /// <summary>Says in words what is wrong with the configuration of a new topic, or null.</summary>
    public string? RefuseTopic(IReadOnlyDictionary<string, string?> configs)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in configs)
        {
            if (value is null)
            {
                if (TopicConfigs.Validate(name, value) is { IsValid: false } refused)
                {
                    return refused.Message;
                }
            }
            else
            {
                given[name] = value;
            }
        }

        return Broker.Validate(given) is { IsValid: false } verdict ? verdict.Message : null;
    }

    private sealed record Snapshot(IReadOnlyDictionary<string, string> Own, IReadOnlyDictionary<string, string> All, BrokerConfig Config);
}
