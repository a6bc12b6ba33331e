using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Network;

/// <summary>One response in a pooled buffer, size prefix included. It has one owner at a time: handing it over hands over the duty to release it.</summary>
public sealed class ResponseFrame
{
    private const int PrefixBytes = sizeof(int);
    private const int CountedFrom = 64 << 10;
    private readonly BufferPool _pool;
    private byte[]? _array;

    private ResponseFrame(BufferPool pool, byte[] array, int bodyLength)
    {
        _pool = pool;
        _array = array;
        Length = PrefixBytes + bodyLength;
        BinaryPrimitives.WriteInt32BigEndian(array, bodyLength);
        if (array.Length > CountedFrom)
        {
            pool.CountAnswer(array.Length);
        }
    }

    /// <summary>Bytes on the wire, the size prefix included.</summary>
    public int Length { get; private set; }

    /// <summary>How long the connection is not read after this response was sent (KIP-219). The longer of this and the ticket's own counts.</summary>
    public TimeSpan MuteAfter { get; set; }

    /// <summary>The response's header and body, to be filled by the handler: what the size prefix counts. Rented bytes hold rubbish at first.</summary>
    public Span<byte> Body => Array.AsSpan(PrefixBytes, Length - PrefixBytes);

    /// <summary>All bytes for the wire.</summary>
    public ReadOnlyMemory<byte> Wire => Array.AsMemory(0, Length);

    private byte[] Array
    {
        get
        {
            ObjectDisposedException.ThrowIf(_array is null, this);
            return _array;
        }
    }

    /// <summary>A response of <paramref name="bodyLength"/> bytes (header and body) from the process's pool.</summary>
    public static ResponseFrame Rent(int bodyLength) => Rent(bodyLength, BufferPool.Shared);

    /// <summary>A response of <paramref name="bodyLength"/> bytes (header and body), its size prefix written.</summary>
    public static ResponseFrame Rent(int bodyLength, BufferPool pool) =>
        new(pool, pool.Rent(checked(PrefixBytes + bodyLength)), bodyLength);

    /// <summary>Cuts the body to fewer bytes than were rented.</summary>
    public void ShortenTo(int bodyLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bodyLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bodyLength, Length - PrefixBytes);
        Length = PrefixBytes + bodyLength;
        BinaryPrimitives.WriteInt32BigEndian(Array, bodyLength);
    }

    /// <summary>Gives the buffer back. The connection does so once the response is sent or can't be; a handler only for a response that it never hands over.</summary>
    public void Release()
    {
        var array = Interlocked.Exchange(ref _array, null);
        Invariant.Holds(array is not null);
        if (array!.Length > CountedFrom)
        {
            _pool.CountAnswer(-array.Length);
        }

        _pool.Return(array);
    }

    internal ArraySegment<byte> Slice(int start, int length) => new(Array, start, length);
}
