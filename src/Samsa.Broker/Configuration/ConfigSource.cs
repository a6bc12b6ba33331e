namespace Samsa.Broker.Configuration;

/// <summary>Where an effective value came from, as DescribeConfigs reports it (KIP-226); the values are those of the wire.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Set on the topic.</summary>
    DynamicTopic = 1,

    /// <summary>Set at run time for one broker.</summary>
    DynamicBroker = 2,

    /// <summary>Set at run time for every broker.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Set at start: file, environment or command line.</summary>
    StaticBroker = 4,

    /// <summary>Set nowhere.</summary>
    Default = 5,

    /// <summary>Set at run time for a logger.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set on a client metrics subscription (KIP-714).</summary>
    ClientMetrics = 7,

    /// <summary>Set on a group (KIP-848).</summary>
    Group = 8,
}
