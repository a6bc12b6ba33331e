using System.Net;
using System.Net.Sockets;

namespace Samsa.Network;

/// <summary>A TCP connection.</summary>
internal sealed class SocketChannel : IByteChannel
{
    private readonly Socket _socket;
    private readonly SocketOperation _receive = new();
    private readonly SocketOperation _send = new();

    public SocketChannel(Socket socket, SocketTransportOptions options)
    {
        _socket = socket;
        socket.NoDelay = true;
        if (options.SendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SendBufferBytes;
        }

        LocalEndPoint = socket.LocalEndPoint!;
        RemoteEndPoint = socket.RemoteEndPoint!;
    }

    public EndPoint LocalEndPoint { get; }

    public EndPoint RemoteEndPoint { get; }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            _receive.SetBuffer(buffer);
            return _socket.ReceiveAsync(_receive) ? _receive.Pending() : ValueTask.FromResult(_receive.Outcome);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            return ValueTask.FromResult(0);
        }
    }

    public ValueTask<bool> SendAsync(IList<ArraySegment<byte>> segments)
    {
        try
        {
            if (segments.Count == 1)
            {
                _send.BufferList = null;
                _send.SetBuffer(segments[0]);
            }
            else
            {
                _send.SetBuffer(default);
                _send.BufferList = segments;
            }

            return _socket.SendAsync(_send)
                ? _send.PendingSend()
                : ValueTask.FromResult(_send.SocketError == SocketError.Success);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            return ValueTask.FromResult(false);
        }
    }

    public void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            // The peer was faster.
        }
    }

    public void Abort()
    {
        try
        {
            // Zero linger: closing resets the connection instead of keeping unsent bytes in the kernel for minutes.
            _socket.LingerState = new LingerOption(enable: true, 0);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            return;
        }

        Shutdown();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _receive.Dispose();
        _send.Dispose();
    }
}
