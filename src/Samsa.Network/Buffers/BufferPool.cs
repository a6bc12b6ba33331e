using System.Buffers;
using System.Numerics;
using Samsa.Model;

namespace Samsa.Network;

/// <summary>
/// Buffers for frames, in size classes of powers of two from 256 bytes to 4 MB and one just above 1 MB, where a batch of the
/// default <c>max.message.bytes</c> lands with its request around it. Pinned from birth, so that the kernel reads and writes them
/// without pinning per call. Larger ones come from the runtime's own pool.
/// </summary>
public sealed class BufferPool
{
    private const int SmallestLog2 = 8;
    private const int LargestLog2 = 22;
    private const int FullBatchBytes = (1 << 20) + (64 << 10);
    private const int FullBatchClass = LargestLog2 - SmallestLog2 + 1;
    private readonly Shelf[] _shelves = new Shelf[FullBatchClass + 1];
    private readonly long _maxRetainedBytes;
    private long _retainedBytes;
    private long _outstanding;
    private long _answerBytes;

    /// <summary>A pool of its own, for tests and for counting.</summary>
    /// <param name="maxRetainedBytes">Most bytes kept for reuse; what comes back beyond is left to the collector.</param>
    public BufferPool(long maxRetainedBytes)
    {
        _maxRetainedBytes = maxRetainedBytes;
        for (var i = 0; i < FullBatchClass; i++)
        {
            _shelves[i] = new Shelf(1 << (i + SmallestLog2));
        }

        _shelves[FullBatchClass] = new Shelf(FullBatchBytes);
    }

    /// <summary>The process's pool; it keeps at most 64 MB for reuse.</summary>
    public static BufferPool Shared { get; } = new(64 << 20);

    /// <summary>Buffers rented and not yet returned.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    /// <summary>Bytes kept for reuse right now.</summary>
    public long RetainedBytes => Interlocked.Read(ref _retainedBytes);

    /// <summary>Bytes of large answers (more than 64 KB) that are rented now: written, and not yet taken by their clients.</summary>
    public long AnswerBytes => Interlocked.Read(ref _answerBytes);

    /// <summary>A buffer of at least that many bytes, not cleared.</summary>
    public byte[] Rent(int minimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumLength);
        Interlocked.Increment(ref _outstanding);
        var index = ShelfFor(minimumLength);
        if (index < 0)
        {
            return ArrayPool<byte>.Shared.Rent(minimumLength);
        }

        var shelf = _shelves[index];
        if (shelf.TryTake(out var buffer))
        {
            Interlocked.Add(ref _retainedBytes, -buffer.Length);
            return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(shelf.BufferBytes, pinned: true);
    }

    /// <summary>Takes a buffer back; once for every <see cref="Rent"/>.</summary>
    public void Return(byte[] buffer)
    {
        var outstanding = Interlocked.Decrement(ref _outstanding);
        Invariant.Holds(outstanding >= 0);
        var index = ShelfFor(buffer.Length);
        if (index < 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }

        Invariant.Holds(_shelves[index].BufferBytes == buffer.Length);
        if (Interlocked.Add(ref _retainedBytes, buffer.Length) <= _maxRetainedBytes)
        {
            _shelves[index].Put(buffer);
        }
        else
        {
            Interlocked.Add(ref _retainedBytes, -buffer.Length);
        }
    }

    internal void CountAnswer(int bytes) => Interlocked.Add(ref _answerBytes, bytes);

    /// <summary>
    /// Lets go of half of the buffers that nobody needed since the last call. Called now and then, it gives the memory of a
    /// burst back without costing a steady load anything.
    /// </summary>
    public void Trim()
    {
        foreach (var shelf in _shelves)
        {
            Interlocked.Add(ref _retainedBytes, -shelf.Trim());
        }
    }

    private static int ShelfFor(int length) => length switch
    {
        > 1 << 20 and <= FullBatchBytes => FullBatchClass,
        > 1 << LargestLog2 => -1,
        _ => Math.Max(BitOperations.Log2((uint)Math.Max(length - 1, 1)) + 1, SmallestLog2) - SmallestLog2,
    };
}
