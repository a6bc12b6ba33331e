using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Reads the last entries of index files without reading the rest, for starts with thousands of logs.</summary>
internal static class IndexTail
{
    /// <summary>
    /// A position from which reading the headers tells the end of a segment and, with its time index, its latest record time; 0 where the indexes
    /// are of no help.
    /// </summary>
    /// <param name="files">The directory.</param>
    /// <param name="baseOffset">The segment.</param>
    /// <param name="segmentSize">Its size.</param>
    /// <param name="lastTime">The last entry of its time index.</param>
    public static int Position(LogFiles files, Offset baseOffset, long segmentSize, TimeIndex.Entry lastTime)
    {
        Span<byte> entry = stackalloc byte[OffsetIndex.EntrySize];
        var path = files.PathOf(baseOffset, LogFiles.OffsetIndexSuffix);
        if (!TryRead(files, path, entry))
        {
            return 0;
        }

        var offset = BinaryPrimitives.ReadInt32BigEndian(entry);
        var position = BinaryPrimitives.ReadInt32BigEndian(entry[4..]);
        if (position <= 0 || position >= segmentSize)
        {
            return 0;
        }

        // Should a power cut right after the stop have taken the time index's end, its last entry tells from where on to read instead.
        return offset <= lastTime.RelativeOffset ? position
            : OffsetIndex.Decode(files.Disk.ReadAllBytes(path), segmentSize)?.PositionFor(lastTime.RelativeOffset) ?? 0;
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
        try
        {
            using var file = files.Disk.Open(path, StorageOpenMode.Read);
            var length = file.Length;
            return length >= entry.Length && length % entry.Length == 0 && file.Read(entry, length - entry.Length) == entry.Length;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
