using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Samsa.Storage;

/// <summary>
/// Where batches lie in a segment, one of many: 8-byte entries of relative last offset and file position, both ascending.
/// </summary>
internal sealed class OffsetIndex
{
    public const int EntrySize = 8;

    private readonly IndexEntries<Entry> _entries;

    public OffsetIndex() => _entries = new();

    private OffsetIndex(Entry[] entries) => _entries = new(entries);

    public int Count => _entries.Count;

    public ReadOnlySpan<Entry> Entries => _entries.Snapshot;

    public void Add(int relativeOffset, int position) => _entries.Add(new Entry(relativeOffset, position));

    /// <summary>A position from which a scan finds the relative offset: that of the last entry not above it, or 0.</summary>
    public int PositionFor(long relativeOffset)
    {
        var entries = _entries.Snapshot;
        var low = 0;
        var high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].RelativeOffset <= relativeOffset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        // An entry is true on its own, so that even a search misled by a truncation going on ends at a batch's start.
        return high >= 0 && entries[high].RelativeOffset <= relativeOffset ? entries[high].Position : 0;
    }

    /// <summary>The last known start of a batch that is not above a file position, or 0.</summary>
    public int PositionAtOrBefore(long position)
    {
        var entries = _entries.Snapshot;
        var low = 0;
        var high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].Position <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high >= 0 && entries[high].Position <= position ? entries[high].Position : 0;
    }

    /// <summary>Drops the entries of batches at or after a file position.</summary>
    public void TruncateToPosition(long position)
    {
        var entries = _entries.Snapshot;
        var kept = entries.Length;
        while (kept > 0 && entries[kept - 1].Position >= position)
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
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * EntrySize), entries[i].RelativeOffset);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((i * EntrySize) + 4), entries[i].Position);
        }

        return bytes;
    }

    /// <summary>Reads an index file; null where it cannot be the index of a segment of that size.</summary>
    public static OffsetIndex? Decode(ReadOnlySpan<byte> bytes, long segmentSize)
    {
        if (bytes.Length % EntrySize != 0)
        {
            return null;
        }

        var entries = new Entry[bytes.Length / EntrySize];
        var previous = new Entry(-1, -1);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = new Entry(
                BinaryPrimitives.ReadInt32BigEndian(bytes[(i * EntrySize)..]),
                BinaryPrimitives.ReadInt32BigEndian(bytes[((i * EntrySize) + 4)..]));
            if (entry.RelativeOffset <= previous.RelativeOffset || entry.Position <= previous.Position || entry.Position >= segmentSize)
            {
                return null;
            }

            entries[i] = previous = entry;
        }

        return new OffsetIndex(entries);
    }

    /// <param name="RelativeOffset">The batch's last offset less the segment's base offset.</param>
    /// <param name="Position">Where the batch starts.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Entry(int RelativeOffset, int Position);
}
