namespace Samsa.Storage;

/// <summary>A growing array of index entries: one appends, others read without locks.</summary>
/// <remarks>A reader takes <see cref="Snapshot"/>: count first, then array. The array only ever grows under a count, except in
/// <see cref="Truncate"/>, which leaves the old array to those who hold it.</remarks>
internal sealed class IndexEntries<T>
    where T : struct
{
    private T[] _items;
    private int _count;

    public IndexEntries()
        : this([])
    {
    }

    public IndexEntries(T[] items)
    {
        _items = items;
        _count = items.Length;
    }

    public int Count => Volatile.Read(ref _count);

    public ReadOnlySpan<T> Snapshot
    {
        get
        {
            var count = Volatile.Read(ref _count);
            var items = Volatile.Read(ref _items);
            return items.AsSpan(0, Math.Min(count, items.Length));
        }
    }

    public void Add(T item)
    {
        var count = _count;
        if (count == _items.Length)
        {
            var larger = new T[Math.Max(4, count * 2)];
            _items.AsSpan(0, count).CopyTo(larger);
            Volatile.Write(ref _items, larger);
        }

        _items[count] = item;
        Volatile.Write(ref _count, count + 1);
    }

    public void Truncate(int count)
    {
        var kept = _items.AsSpan(0, count).ToArray();
        Volatile.Write(ref _count, count);
        Volatile.Write(ref _items, kept);
    }
}
