namespace Samsa.Network;

/// <summary>All listeners of a broker: bound first, so that a taken port is known before anything else starts, and served once the broker is ready.</summary>
public sealed class Listeners : IAsyncDisposable
{
    private Listeners(IReadOnlyList<BoundListener> bound, NetworkOptions options)
    {
        Bound = bound;
        Options = options;
    }

    /// <summary>The listeners with their real ports.</summary>
    public IReadOnlyList<BoundListener> Bound { get; }

    /// <summary>The limits; a change takes effect on open connections too, where its documentation doesn't say otherwise.</summary>
    public NetworkOptions Options { get; set; }

    /// <summary>Connections open now.</summary>
    public int ConnectionCount { get; private set; }

    /// <summary>Binds all listeners, or none. Clients may connect from now on; nobody serves them before <see cref="Start"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken or not ours.</exception>
    public static Listeners Bind(IReadOnlyList<ListenerEndpoint> endpoints, NetworkOptions options, NetworkServices services) =>
        throw new NotSupportedException("Comes with the connection.");

    /// <summary>Begins to accept and to serve. Once.</summary>
    public void Start(IConnectionHandler handler) => throw new NotSupportedException("Comes with the connection.");

    /// <summary>
    /// Stops: accepts no more, begins no further request, lets those that have begun finish and their answers leave, then closes. What isn't
    /// done by the deadline is cut off. Returns when every session is disposed.
    /// </summary>
    public ValueTask StopAsync(TimeSpan deadline) => throw new NotSupportedException("Comes with the connection.");

    /// <summary>Stops at once.</summary>
    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);
}
