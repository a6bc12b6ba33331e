using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Broker.Configuration;

/// <summary>
/// The settings of one broker at one moment: never changes. A change at run time gives another one
/// (<see cref="WithDynamic"/>); who holds the current one swaps it.
/// </summary>
public sealed class BrokerConfig
{
    private readonly IReadOnlyDictionary<string, ConfigSetting> _static;
    private readonly IReadOnlyDictionary<string, ConfigSetting> _dynamic;
    private readonly IReadOnlyDictionary<string, ConfigSetting> _dynamicDefault;
    private readonly ListenerPlan _listeners;

    private BrokerConfig(
        IReadOnlyDictionary<string, ConfigSetting> given,
        IReadOnlyDictionary<string, ConfigSetting> dynamic,
        IReadOnlyDictionary<string, ConfigSetting> dynamicDefault,
        IReadOnlyList<string> warnings,
        List<ConfigError> errors,
        ListenerPlan? listeners)
    {
        _static = given;
        _dynamic = dynamic;
        _dynamicDefault = dynamicDefault;
        Warnings = warnings;
        _listeners = listeners ?? ListenerPlan.Read(this, errors);
    }

    /// <summary>What was accepted but deserves a line in the log.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary><c>node.id</c>.</summary>
    public BrokerId NodeId => new(Get(NodeConfigs.NodeId));

    /// <summary><c>log.dirs</c>, else <c>log.dir</c>, else the default of the former.</summary>
    public IReadOnlyList<string> LogDirs =>
        !IsGiven(LogConfigs.Dirs) && Get(LogConfigs.Dir) is { } dirs ? dirs : Get(LogConfigs.Dirs);

    /// <summary>Where to bind.</summary>
    public IReadOnlyList<ListenerAddress> Listeners => _listeners.Listeners;

    /// <summary>
    /// What clients are told. An empty host stands for this machine's name, port 0 for the port the listener of
    /// that name was given.
    /// </summary>
    public IReadOnlyList<ListenerAddress> AdvertisedListeners => _listeners.Advertised;

    /// <summary>The name of the listener that other brokers use.</summary>
    public string InterBrokerListenerName => _listeners.InterBrokerName;

    /// <summary>What this node is in its cluster, and where the controllers are.</summary>
    public QuorumPlan Quorum => field ??= QuorumPlan.Read(this);

    /// <summary>Where to bind for other nodes' requests to the controller; empty where this node has no listener for them.</summary>
    public IEnumerable<ListenerAddress> ControllerListeners => Listeners.Where(IsController);

    /// <summary>Where to bind for clients and brokers.</summary>
    public IEnumerable<ListenerAddress> BrokerListeners => Listeners.Where(l => !IsController(l));

    /// <summary>Where the admin listener is bound; null = off.</summary>
    public AdminAddress? AdminAddress => AdminAddress.TryParse(Get(SamsaConfigs.AdminListener), out var address) ? address : null;

    /// <summary>What the log of a topic without settings of its own needs; one instance for all of them.</summary>
    internal LogConfig DefaultLogConfig => field ??= TopicSettings.MakeLogConfig(this, new Dictionary<string, string>());

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigException">Anything is wrong; it names all that is.</exception>
    public static BrokerConfig Load(BrokerConfigSources sources)
    {
        var loader = new ConfigLoader();
        loader.Read(sources);
        var config = new BrokerConfig(
            loader.Settings,
            new Dictionary<string, ConfigSetting>(),
            new Dictionary<string, ConfigSetting>(),
            loader.FindWarning() is { } warning ? [warning] : [],
            loader.Errors,
            listeners: null);
        loader.Errors.AddRange(ConfigChecks.FindErrors(config));
        return loader.Errors.Count == 0 ? config : throw new ConfigException(loader.Errors);
    }

    /// <summary>The same settings with others changed at run time.</summary>
    /// <param name="broker">What is set for this broker, by name.</param>
    /// <param name="everyBroker">What is set for every broker, by name.</param>
    /// <remarks>
    /// Names that are unknown or can't change, and values that don't read, are passed over: they were checked when
    /// they were set, perhaps by another release. Listeners stay as they were at start.
    /// </remarks>
    public BrokerConfig WithDynamic(IReadOnlyDictionary<string, string> broker, IReadOnlyDictionary<string, string> everyBroker) =>
        new(_static, Parse(broker, "set for this broker"), Parse(everyBroker, "set for every broker"), Warnings, [], _listeners);

    /// <summary>
    /// The effective value. For a setting of topics or groups: the one that holds where the topic or group has none.
    /// </summary>
    public T Get<T>(ConfigKey<T> key) => (T)GetValue(key)!;

    /// <summary>The effective value for one listener: <c>listener.name.NAME.KEY</c> where that is set, else <c>KEY</c>.</summary>
    /// <param name="key">The setting.</param>
    /// <param name="listener">Name of the listener, in any case.</param>
    public T GetForListener<T>(ConfigKey<T> key, string listener)
    {
        var name = $"listener.name.{listener.ToLowerInvariant()}.{key.Name}";
        return Find(name) is { } setting ? (T)setting.Value : Get(key);
    }

    /// <summary>Whether somebody gave the setting a value.</summary>
    public bool IsGiven(ConfigKey key) => Find(key.Name) is not null;

    /// <summary>Where the effective value was given, for people.</summary>
    public string OriginOf(ConfigKey key) => Find(key.Name)?.Origin ?? "default";

    /// <summary>The layers above the defaults, strongest first.</summary>
    internal IEnumerable<(ConfigSource Source, IReadOnlyDictionary<string, ConfigSetting> Settings)> Layers =>
    [
        (ConfigSource.DynamicBroker, _dynamic),
        (ConfigSource.DynamicDefaultBroker, _dynamicDefault),
        (ConfigSource.StaticBroker, _static),
    ];

    /// <summary>The effective value, boxed.</summary>
    internal object? GetValue(ConfigKey key)
    {
        if (Find(key.Name) is { } setting && setting.Key == key)
        {
            return setting.Value;
        }

        return key.Scope is ConfigScope.Topic or ConfigScope.Group ? FindInherited(key) : key.DefaultValue;
    }

    private bool IsController(ListenerAddress listener) =>
        Get(ListenerConfigs.ControllerListenerNames).Contains(listener.Name, StringComparer.OrdinalIgnoreCase);

    private object? FindInherited(ConfigKey key)
    {
        foreach (var (synonym, factor) in key.Synonyms)
        {
            if (Find(synonym.Name) is { } setting)
            {
                return Scale(setting.Value, factor);
            }
        }

        foreach (var (synonym, factor) in key.Synonyms)
        {
            if (synonym.DefaultValue is { } value)
            {
                return Scale(value, factor);
            }
        }

        return key.DefaultValue;
    }

    // Negative means unlimited, in any unit.
    private static object Scale(object value, long factor) => factor == 1 ? value
        : Convert.ToInt64(value) is var number && number < 0 ? number : number * factor;

    private ConfigSetting? Find(string name) =>
        _dynamic.TryGetValue(name, out var setting) || _dynamicDefault.TryGetValue(name, out setting) || _static.TryGetValue(name, out setting)
            ? setting
            : null;

    private static Dictionary<string, ConfigSetting> Parse(IReadOnlyDictionary<string, string> values, string origin)
    {
        var settings = new Dictionary<string, ConfigSetting>();
        foreach (var (name, text) in values)
        {
            if (BrokerConfigs.Find(name) is { IsReadOnly: false } key && key.TryParse(text, out var value, out _))
            {
                settings[name] = new ConfigSetting(name, key, value, origin);
            }
        }

        return settings;
    }
}
