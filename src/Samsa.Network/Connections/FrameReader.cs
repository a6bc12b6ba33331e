using System.Buffers.Binary;

namespace Samsa.Network;

/// <summary>
/// Cuts the stream of a connection into requests. Small ones are parsed where they were received, several to a receive; one above
/// <see cref="SharedBytes"/> gets a buffer of its own and receives limited to its remainder, so that its bytes lie in one piece
/// and nothing after it has to be moved.
/// </summary>
/// <remarks>
/// A connection waits with <see cref="IdleBytes"/> of buffer, which is all that an idle one costs. Bytes claimed are not bytes
/// sent: a large request first gets 64 KB, and then about 17 times what has arrived. A claim of 100 MB with nothing behind it
/// so pins 64 KB, and one that delivers is copied for 1/16 of its size in all (growing twofold would copy all of it).
/// 17 and not 16, because a batch of 1 MB with its request around it then is in its last buffer after one step.
/// </remarks>
internal sealed class FrameReader(BufferPool pool, RequestMemoryBudget budget) : IDisposable
{
    public const int IdleBytes = 4 << 10;
    public const int SharedBytes = 64 << 10;
    private const int PrefixBytes = sizeof(int);
    private const int GrowthFactor = 17;

    private PooledBuffer? _shared;
    private int _start;
    private int _end;
    private bool _wasFilled;
    private int _nextSharedBytes;

    private PooledBuffer? _large;
    private int _largeBytes;
    private int _largeReceived;
    private long _largeReserved;

    /// <summary>Whether a request has begun and is not complete. Like the counts, also for other threads, who may be a moment late.</summary>
    public bool IsWithinFrame => Pending > 0 || _largeBytes > 0;

    /// <summary>Requests read.</summary>
    public long FramesRead { get; private set; }

    /// <summary>Bytes received.</summary>
    public long BytesRead { get; private set; }

    private int Pending => _end - _start;

    /// <summary>Takes the next request out of what was received.</summary>
    /// <param name="maxBytes">Largest request allowed.</param>
    /// <param name="frame">The request where the status is complete.</param>
    /// <param name="claimedBytes">The size that the frame claims.</param>
    public FrameStatus TryRead(int maxBytes, out RequestFrame? frame, out int claimedBytes)
    {
        frame = null;
        claimedBytes = _largeBytes;
        if (_largeBytes > 0)
        {
            return TryReadLarge(out frame);
        }

        if (Pending < PrefixBytes)
        {
            return FrameStatus.Incomplete;
        }

        claimedBytes = BinaryPrimitives.ReadInt32BigEndian(_shared!.Array.AsSpan(_start));
        if (claimedBytes <= 0 || claimedBytes > maxBytes)
        {
            return FrameStatus.BadSize;
        }

        if (claimedBytes > SharedBytes - PrefixBytes)
        {
            _start += PrefixBytes;
            _largeBytes = claimedBytes;
            return FrameStatus.Incomplete;
        }

        if (Pending - PrefixBytes < claimedBytes)
        {
            return FrameStatus.Incomplete;
        }

        frame = new RequestFrame(_shared.Retain(), _start + PrefixBytes, claimedBytes);
        FramesRead++;
        _start += PrefixBytes + claimedBytes;
        return FrameStatus.Complete;
    }

    /// <summary>Decides on the buffer for the next receive. Returns the bytes that <see cref="Target"/> needs reserved from the budget, or 0.</summary>
    public long Plan()
    {
        if (_largeBytes > 0)
        {
            return _large is null ? _largeBytes : 0;
        }

        var needed = Pending < PrefixBytes
            ? PrefixBytes
            : PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(_shared!.Array.AsSpan(_start));
        var wanted = _wasFilled || needed > IdleBytes ? SharedBytes : IdleBytes;
        _nextSharedBytes = CanGoOn(wanted, needed) ? 0 : wanted;
        return _nextSharedBytes > IdleBytes ? _nextSharedBytes : 0;
    }

    /// <summary>Where the next bytes go. What <see cref="Plan"/> asked for has been reserved.</summary>
    public Memory<byte> Target()
    {
        if (_largeBytes > 0)
        {
            return LargeTarget();
        }

        if (_nextSharedBytes > 0)
        {
            var next = new PooledBuffer(pool, _nextSharedBytes, budget, _nextSharedBytes > IdleBytes ? _nextSharedBytes : 0);
            _nextSharedBytes = 0;
            _shared?.Array.AsSpan(_start, Pending).CopyTo(next.Array);
            _shared?.Release();
            _shared = next;
            _end = Pending;
            _start = 0;
        }

        return _shared!.Array.AsMemory(_end);
    }

    /// <summary>That many bytes came into the target.</summary>
    public void Received(int bytes)
    {
        BytesRead += bytes;
        if (_largeBytes > 0)
        {
            _largeReceived += bytes;
            _wasFilled = false;
            return;
        }

        _end += bytes;
        _wasFilled = _end == _shared!.Array.Length;
    }

    /// <summary>Gives all buffers back. Requests read before stay valid.</summary>
    public void Dispose()
    {
        _shared?.Release();
        _large?.Release();
        budget.Release(_largeReserved);
        _shared = null;
        _large = null;
        _largeReserved = 0;
    }

    /// <summary>Whether the shared buffer serves for the next receive too; moves its bytes to the front where that makes room.</summary>
    private bool CanGoOn(int wanted, int needed)
    {
        if (_shared is not { } buffer)
        {
            return false;
        }

        var length = buffer.Array.Length;
        if (length < wanted || (length > wanted && Pending == 0))
        {
            return false;
        }

        if (length - _start >= needed && length - _end >= length / 4)
        {
            return true;
        }

        if (!buffer.IsExclusive)
        {
            return false;
        }

        buffer.Array.AsSpan(_start, Pending).CopyTo(buffer.Array);
        _end = Pending;
        _start = 0;
        return true;
    }

    private FrameStatus TryReadLarge(out RequestFrame? frame)
    {
        frame = null;
        if (_largeReceived < _largeBytes)
        {
            return FrameStatus.Incomplete;
        }

        frame = new RequestFrame(_large!, 0, _largeBytes);
        FramesRead++;
        _large = null;
        _largeBytes = 0;
        _largeReceived = 0;
        return FrameStatus.Complete;
    }

    private Memory<byte> LargeTarget()
    {
        if (_large is null)
        {
            _largeReserved = _largeBytes;
            _largeReceived = Pending;
            GrowLarge(SharedBytes, _shared!.Array.AsSpan(_start, Pending));
            _start = _end;
        }
        else if (_largeReceived == _large.Array.Length)
        {
            GrowLarge((int)Math.Min((long)_largeReceived * GrowthFactor, int.MaxValue), _large.Array);
        }

        return _large!.Array.AsMemory(_largeReceived, Math.Min(_large.Array.Length, _largeBytes) - _largeReceived);
    }

    private void GrowLarge(int bytes, ReadOnlySpan<byte> received)
    {
        // The reservation goes with the buffer that will become the request.
        var isLast = bytes >= _largeBytes;
        var grown = new PooledBuffer(pool, Math.Min(bytes, _largeBytes), budget, isLast ? _largeReserved : 0);
        if (isLast)
        {
            _largeReserved = 0;
        }

        received.CopyTo(grown.Array);
        _large?.Release();
        _large = grown;
    }
}

/// <summary>What the bytes received so far amount to.</summary>
internal enum FrameStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A request is complete.</summary>
    Complete,

    /// <summary>The size is zero, negative or above the limit: nothing after it can be understood.</summary>
    BadSize,
}
