namespace Samsa.Cluster.Tests.Faults;

/// <summary>What is done to nodes.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL; started again at the end.</summary>
    Kill,

    /// <summary>SIGSTOP; SIGCONT at the end.</summary>
    Pause,

    /// <summary>SIGTERM, and started again once it has ended.</summary>
    Restart,

    /// <summary>Its link is dead: neither peers nor clients reach it.</summary>
    Unplug,

    /// <summary>Its peers and it do not reach each other; clients reach all.</summary>
    Cut,

    /// <summary>What it sends to its peers is lost; it hears them.</summary>
    Mute,

    /// <summary>Its link is narrow and slow.</summary>
    Slow,

    /// <summary>Its disk has no room left.</summary>
    Fill,
}
