namespace Samsa.Core.Metadata;

/// <summary>Something that carries configuration.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Name">Its name; empty for the cluster-wide broker default.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>The default of all brokers.</summary>
    public static ConfigResource EveryBroker => new(ConfigResourceType.Broker, "");

    /// <summary>The resource of a topic.</summary>
    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);
}

/// <summary>The kinds of things that carry configuration; the numbers are the protocol's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A broker, or with an empty name the default of all of them.</summary>
    Broker = 4,

    /// <summary>The log levels of a broker.</summary>
    BrokerLogger = 8,

    /// <summary>A client metrics subscription (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}
