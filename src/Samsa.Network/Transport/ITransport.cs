using System.Net;

namespace Samsa.Network;

/// <summary>Where connections come from: sockets, memory, a simulated network.</summary>
public interface ITransport
{
    /// <summary>Opens a listening end point; port 0 picks a free one.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    IChannelListener Bind(IPEndPoint endPoint);

    /// <summary>Connects to a listening end point.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">Nobody listens there.</exception>
    ValueTask<IByteChannel> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken);
}

/// <summary>A listening end point. Disposing it ends a waiting accept.</summary>
public interface IChannelListener : IDisposable
{
    /// <summary>The address with the real port.</summary>
    IPEndPoint LocalEndPoint { get; }

    /// <summary>The next connection. One call at a time.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">This accept failed, e.g. for want of file descriptors; the next may succeed.</exception>
    /// <exception cref="ObjectDisposedException">The listener was disposed.</exception>
    ValueTask<IByteChannel> AcceptAsync(CancellationToken cancellationToken);
}

/// <summary>
/// A connection as two streams of bytes. That the peer is gone is a value and no exception, since peers go all the time. At most
/// one receive and one send at a time. An operation that completes later may run what awaits it on the thread that polls.
/// </summary>
public interface IByteChannel : IDisposable
{
    /// <summary>Our address.</summary>
    EndPoint LocalEndPoint { get; }

    /// <summary>The peer's address.</summary>
    EndPoint RemoteEndPoint { get; }

    /// <summary>Fills some of the buffer, which must not be empty. 0 where the stream has ended, for whatever reason.</summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all segments in order, gathered. False where the connection is gone. The list is not touched until the send is over.</summary>
    ValueTask<bool> SendAsync(IList<ArraySegment<byte>> segments);

    /// <summary>Ends both directions in good order: what was sent still arrives, and operations that wait come to their end. Any thread, any number of times.</summary>
    void Shutdown();

    /// <summary>As <see cref="Shutdown"/>, but what the peer hasn't taken yet is thrown away.</summary>
    void Abort();
}
