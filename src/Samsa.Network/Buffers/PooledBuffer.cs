using Samsa.Model;

namespace Samsa.Network;

/// <summary>A pooled array with several holders: the frames parsed out of it, and the reader that still fills it.</summary>
internal sealed class PooledBuffer
{
    private readonly BufferPool _pool;
    private readonly RequestMemoryBudget? _budget;
    private readonly long _reserved;
    private int _holders = 1;

    /// <param name="pool">Where the array comes from and goes back to.</param>
    /// <param name="minimumLength">The least length of the array.</param>
    /// <param name="budget">What gets <paramref name="reserved"/> back when the array does.</param>
    /// <param name="reserved">Bytes taken out of the budget for this buffer.</param>
    public PooledBuffer(BufferPool pool, int minimumLength, RequestMemoryBudget? budget, long reserved)
    {
        _pool = pool;
        _budget = budget;
        _reserved = reserved;
        Array = pool.Rent(minimumLength);
    }

    /// <summary>The bytes.</summary>
    public byte[] Array { get; }

    /// <summary>Whether only one holder is left, who may then move bytes about.</summary>
    public bool IsExclusive => Volatile.Read(ref _holders) == 1;

    /// <summary>One more holder.</summary>
    public PooledBuffer Retain()
    {
        var holders = Interlocked.Increment(ref _holders);
        Invariant.Holds(holders > 1);
        return this;
    }

    /// <summary>One holder less; the last one returns the array and the reservation.</summary>
    public void Release()
    {
        var holders = Interlocked.Decrement(ref _holders);
        Invariant.Holds(holders >= 0);
        if (holders == 0)
        {
            _pool.Return(Array);
            _budget?.Release(_reserved);
        }
    }
}
