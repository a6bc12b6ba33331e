using Samsa.Model;

namespace Samsa.Network;

/// <summary>
/// The bytes of exactly one request, without the size prefix, in a buffer that goes back to its pool when the last
/// holder lets go. The object itself is never reused: a late access fails instead of reading another's request.
/// </summary>
public sealed class RequestFrame
{
    private readonly PooledBuffer _buffer;
    private readonly int _start;
    private int _holders = 1;

    /// <summary>Takes over one hold on the buffer.</summary>
    internal RequestFrame(PooledBuffer buffer, int start, int length)
    {
        _buffer = buffer;
        _start = start;
        Length = length;
    }

    /// <summary>Bytes of the request.</summary>
    public int Length { get; }

    /// <summary>The request. Writable, so that record batches can be patched in place.</summary>
    public Memory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _holders) <= 0, this);
            return _buffer.Array.AsMemory(_start, Length);
        }
    }

    /// <summary>A frame with a copy of the bytes, as if they had come from a connection.</summary>
    public static RequestFrame CopyOf(ReadOnlySpan<byte> request, BufferPool pool)
    {
        var buffer = new PooledBuffer(pool, request.Length, budget: null, reserved: 0);
        request.CopyTo(buffer.Array);
        return new RequestFrame(buffer, 0, request.Length);
    }

    /// <summary>Keeps the bytes beyond the response; every call needs its <see cref="Release"/>.</summary>
    public void Retain()
    {
        var holders = Interlocked.Increment(ref _holders);
        Invariant.Holds(holders > 1);
    }

    /// <summary>Lets go once; the last one gives the bytes back.</summary>
    public void Release()
    {
        var holders = Interlocked.Decrement(ref _holders);
        Invariant.Holds(holders >= 0);
        if (holders == 0)
        {
            _buffer.Release();
        }
    }
}
