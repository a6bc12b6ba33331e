using Samsa.Protocol;

namespace Samsa.Broker.Peers;

/// <summary>Where connections to other nodes of the cluster come from.</summary>
internal interface IPeerNetwork
{
    /// <summary>
    /// A channel to one node for one purpose. It connects with the first request, and again after a failure; nothing
    /// is known of the node until then.
    /// </summary>
    IPeerChannel Open(PeerAddress address);
}

/// <summary>Requests to one node, answered in order. Any number may be under way.</summary>
internal interface IPeerChannel : IDisposable
{
    /// <summary>Which node.</summary>
    PeerAddress Address { get; }

    /// <summary>Cancelled when the connection that was made last is over; never where there was none.</summary>
    CancellationToken Ended { get; }

    /// <summary>Sends a request in the newest version that both sides know, and waits for the answer.</summary>
    /// <param name="request">The request; its records, if any, must stay as they are until this completes.</param>
    /// <param name="timeout">How long to wait, the connecting included.</param>
    /// <param name="cancellationToken">Ends waiting. What was sent may take effect all the same.</param>
    /// <exception cref="IOException">No connection, or it broke, or no answer came in time: the outcome is unknown.</exception>
    ValueTask<PeerAnswer<TResponse>> SendAsync<TResponse>(IRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TResponse : class, IResponse;
}

/// <summary>An answer and the frame it lies in: records and bytes in it are slices, good until it is disposed.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Frame">What holds its bytes.</param>
internal readonly record struct PeerAnswer<TResponse>(TResponse Response, IDisposable? Frame) : IDisposable
    where TResponse : class, IResponse
{
    /// <summary>Gives the frame back.</summary>
    public void Dispose() => Frame?.Dispose();
}

/// <summary>Where a node listens for other nodes.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">A port.</param>
internal readonly record struct PeerAddress(string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}
