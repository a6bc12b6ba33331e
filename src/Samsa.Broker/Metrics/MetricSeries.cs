using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Samsa.Broker.Metrics;

/// <summary>One line of an instrument, or one histogram: the values measured under one set of labels.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] labels, int buckets)
{
    private readonly long[] _counts = new long[buckets];
    private long _valueBits;

    /// <summary>The labels.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Labels => labels;

    /// <summary>The scrape that last saw a value, for instruments that are looked up.</summary>
    public int Scrape { get; set; }

    /// <summary>The value, or the sum of a histogram's values.</summary>
    public double Value
    {
        get => BitConverter.Int64BitsToDouble(Interlocked.Read(ref _valueBits));
        set => Interlocked.Exchange(ref _valueBits, BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>How many values fell into a histogram's bucket.</summary>
    public long CountOf(int bucket) => Interlocked.Read(ref _counts[bucket]);

    /// <summary>Adds to the value.</summary>
    public void Add(double value)
    {
        long seen;
        long next;
        do
        {
            seen = Interlocked.Read(ref _valueBits);
            next = BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + value);
        }
        while (Interlocked.CompareExchange(ref _valueBits, next, seen) != seen);
    }

    /// <summary>Takes a histogram's value in.</summary>
    public void Record(double value, int bucket)
    {
        Interlocked.Increment(ref _counts[bucket]);
        Add(value);
    }
}

/// <summary>The series of one instrument by their labels; looking one up allocates nothing and takes no lock.</summary>
internal sealed class MetricSeriesSet(int buckets)
{
    // Labels come from topics that clients make: what is beyond is not worth the memory.
    private const int MaxSeries = 100_000;

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> _series = new(LabelComparer.Instance);

    /// <summary>Every series.</summary>
    public ICollection<MetricSeries> All => _series.Values;

    /// <summary>The series of these labels, made on first use; null where there are too many.</summary>
    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        if (lookup.TryGetValue(labels, out var series))
        {
            return series;
        }

        if (_series.Count >= MaxSeries)
        {
            return null;
        }

        var kept = labels.ToArray();
        return _series.GetOrAdd(kept, new MetricSeries(kept, buckets));
    }

    /// <summary>Drops what this scrape didn't see.</summary>
    public void KeepOnly(int scrape)
    {
        foreach (var (labels, series) in _series)
        {
            if (series.Scrape != scrape)
            {
                _series.TryRemove(labels, out _);
            }
        }
    }

    private sealed class LabelComparer
        : IEqualityComparer<KeyValuePair<string, object?>[]>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, KeyValuePair<string, object?>[]>
    {
        public static LabelComparer Instance { get; } = new();

        public KeyValuePair<string, object?>[] Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => alternate.ToArray();

        public bool Equals(KeyValuePair<string, object?>[]? x, KeyValuePair<string, object?>[]? y) => Equals((ReadOnlySpan<KeyValuePair<string, object?>>)x, y!);

        public int GetHashCode([DisallowNull] KeyValuePair<string, object?>[] obj) => GetHashCode((ReadOnlySpan<KeyValuePair<string, object?>>)obj);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, KeyValuePair<string, object?>[] other)
        {
            if (alternate.Length != other.Length)
            {
                return false;
            }

            for (var i = 0; i < other.Length; i++)
            {
                if (alternate[i].Key != other[i].Key || !Equals(alternate[i].Value, other[i].Value))
                {
                    return false;
                }
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = default(HashCode);
            foreach (var label in alternate)
            {
                hash.Add(label.Key);
                hash.Add(label.Value);
            }

            return hash.ToHashCode();
        }
    }
}
