using Samsa.Broker.Configuration;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Metadata;

/// <summary>
/// The settings in force: those given at start, with what the metadata log says was changed since (KIP-226). One
/// instance is kept for as long as nothing changes.
/// </summary>
/// <remarks>
/// A setting that may change at run time is followed in one of two ways, and never read once and kept: whoever can ask each time
/// asks <see cref="Broker"/>, which costs three look-ups; whoever cannot, because something has to be done about a change (limits
/// of listeners, settings of open logs, levels of loggers), is told by <see cref="Follow"/>.
/// </remarks>
public sealed class CurrentConfig
{
    private readonly MetadataState _metadata;
    private readonly ConfigResource _self;
    private readonly ConfigResource _everyBroker = new(ConfigResourceType.Broker, "");
    private readonly Lock _gate = new();
    private readonly List<Action<BrokerConfig>> _followers = [];
    private BrokerConfig? _told;
    private Snapshot? _snapshot;

    /// <summary>The settings of a node.</summary>
    /// <param name="atStart">Those given at start.</param>
    /// <param name="metadata">Where changes come from.</param>
    public CurrentConfig(BrokerConfig atStart, MetadataState metadata)
    {
        AtStart = atStart;
        _metadata = metadata;
        _self = new ConfigResource(ConfigResourceType.Broker, atStart.NodeId.ToString());
        metadata.Observe(static _ => { }, (_, _) => TellFollowers());
    }

    /// <summary>The settings given at start.</summary>
    public BrokerConfig AtStart { get; }

    /// <summary>The broker's settings now.</summary>
    public BrokerConfig Broker
    {
        get
        {
            var image = _metadata.Image;
            var (own, all) = (image.ConfigsOf(_self), image.ConfigsOf(_everyBroker));
            var snapshot = _snapshot;
            if (snapshot is null || !ReferenceEquals(snapshot.Own, own) || !ReferenceEquals(snapshot.All, all))
            {
                snapshot = new Snapshot(own, all, own.IsEmpty && all.IsEmpty ? AtStart : AtStart.WithDynamic(own, all));
                _snapshot = snapshot;
            }

            return snapshot.Config;
        }
    }

    /// <summary>Calls somebody with the settings of the broker, now and whenever they changed, one call at a time.</summary>
    public void Follow(Action<BrokerConfig> follower)
    {
        lock (_gate)
        {
            _followers.Add(follower);
            _told ??= Broker;
            follower(_told);
        }
    }

    /// <summary>The settings of a topic's logs.</summary>
    public LogConfig LogConfigOf(string topic) => Broker.ToLogConfig(OverridesOf(ConfigResource.Topic(topic)));

    /// <summary>What was set on a resource itself.</summary>
    public IReadOnlyDictionary<string, string> OverridesOf(ConfigResource resource) => _metadata.Image.ConfigsOf(resource);

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

    private void TellFollowers()
    {
        lock (_gate)
        {
            var now = Broker;
            if (!ReferenceEquals(now, _told))
            {
                _told = now;
                _followers.ForEach(f => f(now));
            }
        }
    }

    private sealed record Snapshot(IReadOnlyDictionary<string, string> Own, IReadOnlyDictionary<string, string> All, BrokerConfig Config);
}
