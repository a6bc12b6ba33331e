using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Samsa.Server.Tests.Golden;

/// <summary>A client connection that sends any bytes and reads whole frames.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    public RawConnection(IPEndPoint endPoint) => _client.Connect(endPoint);

    public bool IsClosed { get; private set; }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes);
        }
        catch (IOException)
        {
            IsClosed = true;
        }
    }

    /// <summary>The next frame with its size; null when the connection is closed, or nothing came in time.</summary>
    public async Task<byte[]?> ReceiveAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            byte[] size = new byte[WireFrame.SizeLength];
            await _client.GetStream().ReadExactlyAsync(size, deadline.Token);
            byte[] frame = new byte[WireFrame.SizeLength + BinaryPrimitives.ReadInt32BigEndian(size)];
            size.CopyTo(frame, 0);
            await _client.GetStream().ReadExactlyAsync(frame.AsMemory(WireFrame.SizeLength), deadline.Token);
            return frame;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (IOException)
        {
            IsClosed = true;
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
