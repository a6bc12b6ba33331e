using System.Net;
using System.Net.Sockets;

namespace Samsa.Network;

/// <summary>TCP over the runtime's sockets, with one <see cref="SocketAsyncEventArgs"/> per direction and connection.</summary>
/// <param name="options">Settings of the sockets.</param>
public sealed class SocketTransport(SocketTransportOptions options) : ITransport
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>The transport with default settings.</summary>
    public static SocketTransport Default { get; } = new(new SocketTransportOptions());

    /// <summary>
    /// Lets the runtime run a socket's continuation on the thread that polled it, which saves a hop through the thread pool per
    /// request (about half of the cost of a small RPC). To be called first thing in <c>Main</c>: the runtime looks once, when the
    /// first socket is used. A value already in the environment wins.
    /// </summary>
    public static void EnableInlineCompletions()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }

    /// <inheritdoc/>
    public IChannelListener Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            // Accepted sockets inherit it, and only a size set before listening reaches the window scale of the handshake.
            if (options.ReceiveBufferBytes > 0)
            {
                socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            }

            socket.Bind(endPoint);
            socket.Listen(options.ListenBacklog);
            return new SocketChannelListener(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IByteChannel> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (options.ReceiveBufferBytes > 0)
            {
                socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            }

            await socket.ConnectAsync(endPoint, cancellationToken);
            return new SocketChannel(socket, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Settings of sockets, under Kafka's names.</summary>
public sealed record SocketTransportOptions
{
    /// <summary>
    /// <c>socket.send.buffer.bytes</c>; -1, the default, leaves it to the system. Kafka's default of 102400 turns Linux's own tuning off and
    /// caps a connection at 100 KB per round trip: 10 MB/s over 10 ms. The system's tuning grows to megabytes where that pays.
    /// </summary>
    public int SendBufferBytes { get; init; } = -1;

    /// <summary><c>socket.receive.buffer.bytes</c>; -1, the default, leaves it to the system for the reason above.</summary>
    public int ReceiveBufferBytes { get; init; } = -1;

    /// <summary><c>socket.listen.backlog.size</c>: connections that may wait to be accepted. Linux caps it at <c>net.core.somaxconn</c>.</summary>
    public int ListenBacklog { get; init; } = 50;
}

internal sealed class SocketChannelListener : IChannelListener
{
    private readonly Socket _socket;
    private readonly SocketTransportOptions _options;

    public SocketChannelListener(Socket socket, SocketTransportOptions options)
    {
        _socket = socket;
        _options = options;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    public async ValueTask<IByteChannel> AcceptAsync(CancellationToken cancellationToken)
    {
        var socket = await _socket.AcceptAsync(cancellationToken);
        try
        {
            return new SocketChannel(socket, _options);
        }
        catch
        {
            // The peer may be gone already, and its address with it.
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
