using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Samsa.Storage;

/// <summary>
/// The largest record time up to a point of a segment: 12-byte entries of time and the relative last offset of the batch that has it, both ascending.
/// </summary>
internal sealed class TimeIndex
{
    public const int EntrySize = 12;

    private readonly IndexEntries<Entry> _entries;

    public TimeIndex() => _entries = new();

    private TimeIndex(Entry[] entries) => _entries = new(entries);

    public int Count => _entries.Count;

    public ReadOnlySpan<Entry> Entries => _entries.Snapshot;

    /// <summary>The last entry, which holds the largest time; (-1, 0) where there is none.</summary>
    public Entry Last => _entries.Snapshot is { Length: > 0 } entries ? entries[^1] : new Entry(-1, 0);

    /// <summary>Adds an entry, unless its time is not later than the last one's.</summary>
    public void AddIfLater(long timestampMs, int relativeOffset)
    {
        if (timestampMs > Last.TimestampMs)
        {
            _entries.Add(new Entry(timestampMs, relativeOffset));
        }
    }

    /// <summary>A relative offset before which no record is as late as the time, or 0.</summary>
    public int OffsetFor(long timestampMs)
    {
        var entries = _entries.Snapshot;
        var low = 0;
        var high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].TimestampMs <= timestampMs)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high >= 0 && entries[high].TimestampMs <= timestampMs ? entries[high].RelativeOffset : 0;
    }

    /// <summary>Drops the entries of batches that end at or after a relative offset.</summary>
    public void TruncateToOffset(long relativeOffset)
    {
        var entries = _entries.Snapshot;
        var kept = entries.Length;
        while (kept > 0 && entries[kept - 1].RelativeOffset >= relativeOffset)
        {
            kept--;
        }

        if (kept < entries.Length)
        {
            _entries.Truncate(kept);
        }
    }

    public byte[] Encode(int firstEntry)
    {
        var entries = _entries.Snapshot[firstEntry..];
        var bytes = new byte[entries.Length * EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * EntrySize), entries[i].TimestampMs);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((i * EntrySize) + 8), entries[i].RelativeOffset);
        }

        return bytes;
    }

    /// <summary>Reads an index file; null where it cannot be a time index.</summary>
    public static TimeIndex? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % EntrySize != 0)
        {
            return null;
        }

        var entries = new Entry[bytes.Length / EntrySize];
        var previous = new Entry(-1, -1);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = DecodeEntry(bytes[(i * EntrySize)..]);
            if (entry.TimestampMs <= previous.TimestampMs || entry.RelativeOffset <= previous.RelativeOffset)
            {
                return null;
            }

            entries[i] = previous = entry;
        }

        return new TimeIndex(entries);
    }

    public static Entry DecodeEntry(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[8..]));

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Entry(long TimestampMs, int RelativeOffset);
}
