using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Reads the last entries of index files without reading the rest, for starts with thousands of logs.</summary>
internal static class IndexTail
{
    /// <summary>The position of the last offset index entry, or 0 where there is none that makes sense.</summary>
    public static int Position(LogFiles files, Offset baseOffset, long segmentSize)
    {
        Span<byte> entry = stackalloc byte[OffsetIndex.EntrySize];
        if (!TryRead(files, files.PathOf(baseOffset, LogFiles.OffsetIndexSuffix), entry))
        {
            return 0;
        }

        var position = BinaryPrimitives.ReadInt32BigEndian(entry[4..]);
        return position > 0 && position < segmentSize ? position : 0;
    }

    /// <summary>The last time index entry; null where there is none that makes sense.</summary>
    public static TimeIndex.Entry? Time(LogFiles files, Offset baseOffset)
    {
        Span<byte> entry = stackalloc byte[TimeIndex.EntrySize];
        if (!TryRead(files, files.PathOf(baseOffset, LogFiles.TimeIndexSuffix), entry))
        {
            return null;
        }

        var last = TimeIndex.DecodeEntry(entry);
        return last is { TimestampMs: > 0, RelativeOffset: >= 0 } ? last : null;
    }

    private static bool TryRead(LogFiles files, string path, Span<byte> entry)
    {
        if (!files.Disk.FileExists(path))
        {
            return false;
        }

        using var file = files.Disk.Open(path, StorageOpenMode.Read);
        var length = file.Length;
        return length >= entry.Length && length % entry.Length == 0 && file.Read(entry, length - entry.Length) == entry.Length;
    }
}
