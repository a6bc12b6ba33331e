namespace Samsa.Broker.Configuration;

/// <summary>Where a setting may be given, and whether it may change while the broker runs.</summary>
public enum ConfigScope
{
    /// <summary>At start only.</summary>
    ReadOnly,

    /// <summary>At start, and at run time for one broker.</summary>
    PerBroker,

    /// <summary>At start, and at run time for one broker or for all.</summary>
    ClusterWide,

    /// <summary>On a topic.</summary>
    Topic,

    /// <summary>On a group.</summary>
    Group,

    /// <summary>On a client metrics subscription.</summary>
    ClientMetrics,
}

/// <summary>How much attention a setting deserves.</summary>
public enum ConfigImportance
{
    /// <summary>Rarely touched.</summary>
    Low,

    /// <summary>Worth knowing.</summary>
    Medium,

    /// <summary>Worth deciding.</summary>
    High,
}
