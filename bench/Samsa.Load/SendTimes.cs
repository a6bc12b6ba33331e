namespace Samsa.Load;

/// <summary>
/// Send times of one partition's records in flight. The client reports deliveries of a partition in the order of sending, so a ring
/// replaces a table and nothing is allocated per record. One thread adds, one removes.
/// </summary>
internal sealed class SendTimes(int capacity)
{
    private readonly long[] _ring = new long[capacity];
    private long _added;
    private long _removed;

    public bool IsFull => Volatile.Read(ref _added) - Volatile.Read(ref _removed) >= _ring.Length;

    public void Add(long timestamp)
    {
        _ring[_added % _ring.Length] = timestamp;
        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>Takes back the newest one: the client had no room for the record.</summary>
    public void UndoAdd() => Volatile.Write(ref _added, _added - 1);

    public long Remove()
    {
        long timestamp = _ring[_removed % _ring.Length];
        Volatile.Write(ref _removed, _removed + 1);
        return timestamp;
    }
}
