namespace Samsa.Broker.Http;

/// <summary>What the broker says of its health.</summary>
public sealed record AdminHealth
{
    /// <summary>Why the broker can't serve now; null while it does.</summary>
    public Func<string?> WhyNotReady { get; init; } = static () => null;

    /// <summary>Why the broker will never serve again; null while it may.</summary>
    public Func<string?> WhyNotAlive { get; init; } = static () => null;
}
