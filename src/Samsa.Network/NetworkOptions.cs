using System.Net;

namespace Samsa.Network;

/// <summary>Limits of the listeners, under Kafka's names and with its defaults where it has them.</summary>
public sealed record NetworkOptions
{
    /// <summary><c>socket.request.max.bytes</c>: largest request; a larger claim closes the connection.</summary>
    public int SocketRequestMaxBytes { get; init; } = 104857600;

    /// <summary><c>connections.max.idle.ms</c>: a connection over which no byte moved for that long, and none of whose requests is being served, is closed; so is one that in that time sends a request, or takes an answer, at less than 8 KB per second. Zero or less is never.</summary>
    public TimeSpan ConnectionsMaxIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>max.connections</c>: open connections over all listeners. When reached, further ones wait to be accepted, as in Kafka.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary><c>max.connection.creation.rate</c>: new connections per second over all listeners. Further ones wait to be accepted, as in Kafka.</summary>
    public int MaxConnectionCreationRate { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip</c>: open connections from one address. Further ones are closed at once, as in Kafka.</summary>
    public int MaxConnectionsPerIp { get; init; } = int.MaxValue;

    /// <summary><c>max.connections.per.ip.overrides</c>: exceptions by address.</summary>
    public IReadOnlyDictionary<IPAddress, int> MaxConnectionsPerIpOverrides { get; init; } = new Dictionary<IPAddress, int>();

    /// <summary><c>queued.max.request.bytes</c>: bytes that requests of all connections may hold; beyond it reading is delayed. -1 is no limit. Fixed at start.</summary>
    public long QueuedMaxRequestBytes { get; init; } = -1;

    /// <summary>Requests of one connection that may be begun and not yet answered; then its socket is no longer read. Fixed per connection when it is accepted.</summary>
    public int MaxInFlightPerConnection { get; init; } = 16;

    /// <summary>Bytes of finished responses that one connection may hold before its next request begins: what a peer that never reads costs, plus one response.</summary>
    public int MaxUnsentBytes { get; init; } = 1 << 20;
}

/// <summary>An address to listen on.</summary>
/// <param name="Name">The listener's name, e.g. <c>PLAINTEXT</c>.</param>
/// <param name="Host">
/// A name or an address. Empty is every address of this machine. A name is bound at all addresses it has here, so that <c>localhost</c> serves
/// clients that try <c>::1</c> first as well as those that try 127.0.0.1.
/// </param>
/// <param name="Port">0 picks a free port.</param>
public sealed record ListenerEndpoint(string Name, string Host, int Port);

/// <summary>A listener after binding.</summary>
/// <param name="Name">The listener's name.</param>
/// <param name="EndPoint">The first address bound, with the real port.</param>
public sealed record BoundListener(string Name, IPEndPoint EndPoint);
