using System.Buffers.Binary;

namespace Samsa.Network.Tests;

/// <summary>The other end of a connection, speaking frames or raw bytes. Everything has a deadline.</summary>
internal sealed class TestClient(IByteChannel channel) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _start;
    private int _end;

    public static byte[] Framed(params byte[][] bodies)
    {
        var bytes = new byte[bodies.Sum(b => b.Length + 4)];
        var at = 0;
        foreach (var body in bodies)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), body.Length);
            body.CopyTo(bytes.AsSpan(at + 4));
            at += 4 + body.Length;
        }

        return bytes;
    }

    public static byte[] Size(int claimed)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, claimed);
        return bytes;
    }

    public async Task<bool> SendAsync(params byte[][] bodies) => await SendRawAsync(Framed(bodies));

    public async Task<bool> SendRawAsync(byte[] bytes) =>
        await channel.SendAsync([new ArraySegment<byte>(bytes)]).AsTask().WaitAsync(TestServer.Deadline);

    /// <summary>The next answer, or null where the connection has ended.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        var size = await ExactlyAsync(4);
        return size is null ? null : await ExactlyAsync(BinaryPrimitives.ReadInt32BigEndian(size));
    }

    /// <summary>The next answer.</summary>
    public async Task<byte[]> AnswerAsync()
    {
        var answer = await ReceiveAsync();
        Assert.NotNull(answer);
        return answer;
    }

    /// <summary>Waits until the server has closed; what it sent before is thrown away.</summary>
    public async Task EndAsync()
    {
        while (await channel.ReceiveAsync(_buffer).AsTask().WaitAsync(TestServer.Deadline) > 0)
        {
        }
    }

    public void Shutdown() => channel.Shutdown();

    public void Dispose() => channel.Dispose();

    private async Task<byte[]?> ExactlyAsync(int count)
    {
        var bytes = new byte[count];
        var have = 0;
        while (have < count)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await channel.ReceiveAsync(_buffer).AsTask().WaitAsync(TestServer.Deadline);
                if (_end == 0)
                {
                    return null;
                }
            }

            var piece = Math.Min(count - have, _end - _start);
            _buffer.AsSpan(_start, piece).CopyTo(bytes.AsSpan(have));
            _start += piece;
            have += piece;
        }

        return bytes;
    }
}
