using System.Net;

namespace Samsa.Network;

/// <summary>What serves the requests of all connections; the broker is one.</summary>
public interface IConnectionHandler
{
    /// <summary>
    /// Whether an address connects too often: zero lets it in, else it is kept waiting for that long and then sent away. Called on the
    /// accepting thread for each new connection.
    /// </summary>
    TimeSpan RefuseFor(IPAddress address) => TimeSpan.Zero;

    /// <summary>
    /// Begins the session of a new connection. Called before anything is read from it, on a pool thread; an exception
    /// closes the connection.
    /// </summary>
    IRequestSession Open(ConnectionInfo info);
}

/// <summary>The requests of one connection.</summary>
public interface IRequestSession : IDisposable
{
    /// <summary>
    /// Takes one request. Calls never overlap and come in the order of the wire, though not always on one thread.
    /// The thread may be the one that polls the sockets: what blocks (a sync to disk, a lock held for long) belongs
    /// elsewhere. A <c>ProtocolException</c> out of here, or out of the ticket, closes this connection with one line in the log.
    /// </summary>
    /// <param name="frame">
    /// The request without its size prefix. It stays valid until the ticket's response is there; who needs the bytes
    /// longer calls <see cref="RequestFrame.Retain"/>.
    /// </param>
    RequestTicket Begin(RequestFrame frame);
}

/// <summary>Who is at the other end.</summary>
/// <param name="Id">Number of the connection, unique in this process.</param>
/// <param name="ListenerName">The listener it came in by, e.g. <c>PLAINTEXT</c>.</param>
/// <param name="RemoteEndPoint">The peer's address.</param>
/// <param name="LocalEndPoint">Our address.</param>
public sealed record ConnectionInfo(long Id, string ListenerName, EndPoint RemoteEndPoint, EndPoint LocalEndPoint);
