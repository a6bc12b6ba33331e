using Samsa.Model;
using Samsa.Network;

namespace Samsa.Broker.Pipeline;

/// <summary>Who asks, and in which version.</summary>
/// <param name="Connection">The connection the request came by.</param>
/// <param name="ApiVersion">The version of the request and its answer.</param>
/// <param name="ClientId">What the client calls itself; empty where it does not.</param>
internal sealed record RequestContext(ConnectionInfo Connection, short ApiVersion, string ClientId)
{
    private List<IDisposable>? _resources;

    /// <summary>The request as it came, header and body; good until it is answered. Empty for a request of this process itself.</summary>
    public ReadOnlyMemory<byte> Frame { get; init; }

    /// <summary>How large the request was.</summary>
    public int RequestBytes => Frame.Length;

    /// <summary>For how many ms the client is throttled once it has its answer.</summary>
    public int ThrottleMs { get; private set; }

    /// <summary>Throttles the client; the longest time counts.</summary>
    public void Throttle(int throttleMs) => ThrottleMs = Math.Max(ThrottleMs, throttleMs);

    /// <summary>Keeps something alive until the answer has been written, for example the slices of a log it is made of.</summary>
    public void DisposeAfterAnswer(IDisposable resource) => (_resources ??= []).Add(resource);

    /// <summary>Lets go of everything kept for the answer.</summary>
    public void Release()
    {
        if (_resources is null)
        {
            return;
        }

        foreach (var resource in _resources)
        {
            resource.Dispose();
        }

        _resources = null;
    }
}
