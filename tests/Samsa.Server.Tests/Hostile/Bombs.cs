using System.Buffers.Binary;
using System.Collections.Concurrent;
using Samsa.Records;

namespace Samsa.Server.Tests.Hostile;

/// <summary>Batches that are small on the wire and not what they say.</summary>
internal static class Bombs
{
    private const int CountAt = 57;
    private const int CrcAt = 17;
    private const int CrcFrom = 21;
    private const int DecompressedBytes = 200 << 20;
    private static readonly ConcurrentDictionary<CompressionType, Lazy<byte[]>> s_made = new();

    /// <summary>A batch of less than 1 MB, and of 200 MB when decompressed.</summary>
    public static byte[] Of(CompressionType codec) => s_made.GetOrAdd(codec, c => new Lazy<byte[]>(() => Make(c))).Value;

    /// <summary>A batch of two records that claims another number of them, with a checksum that is right.</summary>
    public static byte[] WithCount(CompressionType codec, int count)
    {
        using var builder = new RecordBatchBuilder { Compression = codec };
        builder.Append(1_700_000_000_000, null, new byte[100]);
        builder.Append(1_700_000_000_000, null, new byte[100]);
        var batch = builder.Build().ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(CountAt), count);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(CrcAt), Crc32C.Compute(batch.AsSpan(CrcFrom)));
        return batch;
    }

    private static byte[] Make(CompressionType codec)
    {
        using var builder = new RecordBatchBuilder { Compression = codec };
        builder.Append(1_700_000_000_000, null, new byte[DecompressedBytes]);
        var batch = builder.Build().ToArray();
        Assert.InRange(batch.Length, 1, 1_000_000);
        return batch;
    }
}
