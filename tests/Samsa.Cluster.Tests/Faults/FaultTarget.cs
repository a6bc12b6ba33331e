namespace Samsa.Cluster.Tests.Faults;

/// <summary>Whom it is done to; found out when the step begins.</summary>
internal enum FaultTarget
{
    /// <summary>Who leads a partition of the load.</summary>
    Leader,

    /// <summary>Who follows in the partition whose leader is meant by <see cref="Leader"/>.</summary>
    Follower,

    /// <summary>The controller that leads.</summary>
    Controller,

    /// <summary>One node by lot.</summary>
    Any,

    /// <summary>As many nodes at once as a majority can spare.</summary>
    Minority,

    /// <summary>Every node at once.</summary>
    All,

    /// <summary>Every node, one after the other, each once the one before is back.</summary>
    Each,
}
