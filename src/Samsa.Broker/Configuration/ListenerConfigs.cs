namespace Samsa.Broker.Configuration;

/// <summary>Where the node listens and what it tells clients.</summary>
public static class ListenerConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>advertised.listeners</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>?> AdvertisedListeners = Table.Add(new ConfigKey<IReadOnlyList<string>?>("advertised.listeners", null)
    {
        NonEmpty = true, Importance = ConfigImportance.High,
        Doc = "Addresses returned to clients and other nodes instead of bind addresses.",
    });

    /// <summary><c>controller.listener.names</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ControllerListenerNames = Table.Add(new ConfigKey<IReadOnlyList<string>>("controller.listener.names", [])
    {
        Importance = ConfigImportance.High,
        Doc = "Listener names used by controllers.",
    });

    /// <summary><c>early.start.listeners</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>?> EarlyStartListeners = Table.Add(new ConfigKey<IReadOnlyList<string>?>("early.start.listeners", null)
    {
        Importance = ConfigImportance.High,
        Doc = "Listeners that may open before authorizer start-up completes.",
    });

    /// <summary><c>inter.broker.listener.name</c></summary>
    public static readonly ConfigKey<string?> InterBrokerListenerName = Table.Add(new ConfigKey<string?>("inter.broker.listener.name", null)
    {
        Doc = "Listener used between brokers.",
    });

    /// <summary><c>listener.security.protocol.map</c></summary>
    public static readonly ConfigKey<string> ListenerSecurityProtocolMap = Table.Add(new ConfigKey<string>("listener.security.protocol.map", "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT")
    {
        Importance = ConfigImportance.Low,
        Doc = "Maps each listener name to a security protocol.",
    });

    /// <summary><c>listeners</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> Listeners = Table.Add(new ConfigKey<IReadOnlyList<string>>("listeners", ["PLAINTEXT://localhost:9092"])
    {
        NonEmpty = true, Importance = ConfigImportance.High,
        Doc = "Addresses the node binds to.",
    });

    /// <summary><c>security.inter.broker.protocol</c></summary>
    public static readonly ConfigKey<string> SecurityInterBrokerProtocol = Table.Add(new ConfigKey<string>("security.inter.broker.protocol", "PLAINTEXT")
    {
        Allowed = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"],
        Doc = "Security protocol between brokers.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
