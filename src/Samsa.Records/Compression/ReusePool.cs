namespace Samsa.Records;

/// <summary>Keeps a few objects that are costly to make; one per processor at most stays behind.</summary>
internal sealed class ReusePool<T>(Func<T> create)
    where T : class
{
    private readonly T?[] _kept = new T?[Environment.ProcessorCount];

    internal T Rent()
    {
        foreach (ref var slot in _kept.AsSpan())
        {
            if (slot is not null && Interlocked.Exchange(ref slot, null) is { } kept)
            {
                return kept;
            }
        }

        return create();
    }

    /// <summary>False where there was no room: the object is the caller's to dispose of.</summary>
    internal bool Return(T item)
    {
        foreach (ref var slot in _kept.AsSpan())
        {
            if (slot is null && Interlocked.CompareExchange(ref slot, item, null) is null)
            {
                return true;
            }
        }

        (item as IDisposable)?.Dispose();
        return false;
    }
}
