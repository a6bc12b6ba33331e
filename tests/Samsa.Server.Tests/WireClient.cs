using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

/// <summary>Speaks the protocol message by message, as no real client would bother to.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _correlationId;

    public WireClient(IPEndPoint server)
        : this(server, TimeSpan.FromSeconds(10))
    {
    }

    /// <param name="server">Where to connect to.</param>
    /// <param name="patience">How long connecting, and each answer, may take.</param>
    /// <exception cref="TimeoutException">Nobody answers there.</exception>
    public WireClient(IPEndPoint server, TimeSpan patience)
    {
        _socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
        _socket.ConnectAsync(server).WaitAsync(patience).GetAwaiter().GetResult();
    }

    public TResponse Call<TResponse>(IRequest request, short version)
        where TResponse : IResponse
    {
        Send(request, version);
        return Receive<TResponse>(request.ApiKey, version);
    }

    public void Send(IRequest request, short version) => Send(Frame(request, version, ++_correlationId));

    /// <summary>A request as it goes over the wire.</summary>
    public static byte[] Frame(IRequest request, short version, int correlationId)
    {
        var info = ApiCatalog.Get(request.ApiKey);
        var header = new RequestHeader { ApiKey = (short)request.ApiKey, ApiVersion = version, CorrelationId = correlationId, ClientId = "test" };
        var headerVersion = info.RequestHeaderVersion(version);
        var frame = new byte[4 + header.ComputeSize(headerVersion) + request.ComputeSize(version)];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        var writer = new ProtocolWriter(frame.AsSpan(4));
        header.Write(ref writer, headerVersion);
        request.Write(ref writer, version);
        return frame;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public TResponse Receive<TResponse>(ApiKey key, short version)
        where TResponse : IResponse
    {
        var body = ReceiveFrame() ?? throw new IOException("The connection was closed");
        var info = ApiCatalog.Get(key);
        var reader = new ProtocolReader(body);
        new ResponseHeader().Read(ref reader, info.ResponseHeaderVersion(version));
        var response = info.NewResponse();
        response.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return (TResponse)response;
    }

    /// <summary>The next answer without its size; null where the server closed the connection.</summary>
    public byte[]? ReceiveFrame() => ReceiveExactly(4) is { } size ? ReceiveExactly(BinaryPrimitives.ReadInt32BigEndian(size)) : null;

    public void Dispose() => _socket.Dispose();

    private byte[]? ReceiveExactly(int count)
    {
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            int read;
            try
            {
                read = _socket.Receive(bytes.AsSpan(got));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                return null;
            }

            if (read == 0)
            {
                return null;
            }

            got += read;
        }

        return bytes;
    }
}
