using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Samsa.Network;

/// <summary>Connections inside one process: for tests and the simulator. What awaits runs where its context or scheduler says.</summary>
/// <param name="bufferBytes">Bytes that may be on their way in one direction; then the sender waits.</param>
/// <param name="maxReceiveBytes">Most bytes that one receive returns, so that frames can be made to arrive in pieces.</param>
public sealed class InMemoryTransport(int bufferBytes, int maxReceiveBytes) : ITransport
{
    private readonly ConcurrentDictionary<IPEndPoint, Listener> _listeners = new();
    private int _lastPort = 1024;

    /// <summary>A transport with 64 KB on their way and receives of any size.</summary>
    public InMemoryTransport()
        : this(64 << 10, int.MaxValue)
    {
    }

    /// <inheritdoc/>
    public IChannelListener Bind(IPEndPoint endPoint)
    {
        var named = endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, Interlocked.Increment(ref _lastPort)) : endPoint;
        var listener = new Listener(this, named);
        return _listeners.TryAdd(named, listener) ? listener : throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    /// <inheritdoc/>
    public ValueTask<IByteChannel> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (endPoint is not IPEndPoint address || !_listeners.TryGetValue(address, out var listener))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        var toServer = new InMemoryStream(bufferBytes, maxReceiveBytes);
        var toClient = new InMemoryStream(bufferBytes, maxReceiveBytes);
        var ours = new IPEndPoint(IPAddress.Loopback, Interlocked.Increment(ref _lastPort));
        if (!listener.Incoming.Writer.TryWrite(new InMemoryChannel(toServer, toClient, address, ours)))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        return ValueTask.FromResult<IByteChannel>(new InMemoryChannel(toClient, toServer, ours, address));
    }

    private sealed class Listener(InMemoryTransport transport, IPEndPoint endPoint) : IChannelListener
    {
        public Channel<IByteChannel> Incoming { get; } = Channel.CreateUnbounded<IByteChannel>();

        public IPEndPoint LocalEndPoint => endPoint;

        public async ValueTask<IByteChannel> AcceptAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await Incoming.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException closed)
            {
                throw new ObjectDisposedException("The listener is disposed.", closed);
            }
        }

        public void Dispose()
        {
            transport._listeners.TryRemove(endPoint, out _);
            Incoming.Writer.TryComplete();
            while (Incoming.Reader.TryRead(out var channel))
            {
                channel.Dispose();
            }
        }
    }
}

/// <summary>One end of an in-memory connection.</summary>
internal sealed class InMemoryChannel(InMemoryStream incoming, InMemoryStream outgoing, EndPoint local, EndPoint remote) : IByteChannel
{
    public EndPoint LocalEndPoint => local;

    public EndPoint RemoteEndPoint => remote;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => incoming.ReadAsync(buffer);

    public async ValueTask<bool> SendAsync(IList<ArraySegment<byte>> segments)
    {
        foreach (var segment in segments)
        {
            if (!await outgoing.WriteAsync(segment))
            {
                return false;
            }
        }

        return true;
    }

    public void Shutdown()
    {
        outgoing.EndWriting();
        incoming.EndReading();
    }

    public void Abort()
    {
        outgoing.EndReading();
        incoming.EndReading();
    }

    public void Dispose() => Shutdown();
}
