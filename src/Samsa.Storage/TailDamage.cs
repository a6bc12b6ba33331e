using System.Buffers.Binary;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>
/// Tells what a power cut leaves, which may be truncated, from damage that must not be. Unsynced bytes that never reached the disk are missing at
/// the end of the file, or read as zeros up to the end of a sector; anything else in front of good batches was good once.
/// </summary>
internal static class TailDamage
{
    private const int Sector = 512;

    /// <summary>Fewer zeros than a base offset takes happen in good batches too.</summary>
    private const int FewestZeros = 8;

    /// <summary>What the bytes at a position lack of being a batch.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="position">Where the bad batch starts.</param>
    public static TailDamageKind Judge(IStorageFile file, long position)
    {
        var length = file.Length;
        Span<byte> start = stackalloc byte[BatchHeader.Length];
        var read = file.Read(start, position);
        var hasHeader = BatchHeader.TryRead(start[..read], out var bad);
        var end = hasHeader ? position + bad.SizeInBytes : position + Sector + BatchHeader.Length;
        return HasZeroSector(file, position, Math.Min(end, length)) ? TailDamageKind.NeverWritten
            : read < start.Length || (hasHeader && end > length) ? TailDamageKind.CutShort
            : TailDamageKind.Garbage;
    }

    /// <summary>Whether a good batch with a later offset begins anywhere behind a position.</summary>
    public static bool HasBatchAfter(IStorageFile file, long position, Offset expected)
    {
        var length = file.Length;
        var window = new byte[1 << 16];
        while (length - position > BatchHeader.Length)
        {
            var read = file.Read(window, position);
            for (var i = 1; i + BatchHeader.Length <= read; i++)
            {
                if (LooksLikeBatch(window.AsSpan(i, BatchHeader.Length), expected, length - position - i, out var header)
                    && IsGood(file, position + i, header.SizeInBytes))
                {
                    return true;
                }
            }

            position += Math.Max(1, read - BatchHeader.Length);
        }

        return false;
    }

    private static bool HasZeroSector(IStorageFile file, long position, long end)
    {
        var bytes = new byte[Sector];
        for (var from = position; from < end;)
        {
            var to = (from / Sector * Sector) + Sector;
            var part = bytes.AsSpan(0, file.Read(bytes.AsSpan(0, (int)(to - from)), from));
            if (part.Length >= FewestZeros && !part.ContainsAnyExcept((byte)0))
            {
                return true;
            }

            from = to;
        }

        return false;
    }

    private static bool LooksLikeBatch(ReadOnlySpan<byte> bytes, Offset expected, long available, out BatchHeader header) =>
        BatchHeader.TryRead(bytes, out header)
        && header.BaseOffset >= expected
        && header.BaseOffset - expected <= int.MaxValue
        && header.SizeInBytes <= available
        && header.LastOffsetDelta >= 0
        && header.RecordCount >= 0
        && BinaryPrimitives.ReadInt16BigEndian(bytes[21..]) is >= 0 and < 0x80;

    private static bool IsGood(IStorageFile file, long position, int size)
    {
        var batch = new byte[size];
        return file.Read(batch, position) == size && RecordBatch.IsCrcValid(batch);
    }
}

/// <summary>What is wrong with the first bad batch of a log.</summary>
internal enum TailDamageKind
{
    /// <summary>It has zeros up to the end of a sector: that sector was never written.</summary>
    NeverWritten,

    /// <summary>The file ends before the batch does.</summary>
    CutShort,

    /// <summary>It is all there, and wrong.</summary>
    Garbage,
}
