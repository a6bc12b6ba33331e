using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Samsa.Records;

/// <summary>
/// Writes LZ4 frames that the Java client and librdkafka read: independent blocks of 64 KB, no checksums but the header's.
/// </summary>
internal static class Lz4Codec
{
    /// <summary>Means the fast compressor, in Kafka too (KIP-390).</summary>
    internal const int DefaultLevel = 9;

    private const int BlockSize = 64 * 1024;
    private const int HeaderLength = 7;

    internal static void Compress(ReadOnlySpan<byte> source, int level, RecordBuffer output)
    {
        var header = output.GetSpan(HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Lz4Frame.Magic);
        header[4] = Lz4Frame.Version | Lz4Frame.IndependentBlocks;
        header[5] = Lz4Frame.BlockSize64K;
        header[6] = Lz4Frame.HeaderChecksum(header.Slice(4, 2));
        output.Advance(HeaderLength);

        var effort = Effort(level);
        while (!source.IsEmpty)
        {
            var block = source[..Math.Min(BlockSize, source.Length)];
            WriteBlock(block, effort, output);
            source = source[block.Length..];
        }

        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), 0);
        output.Advance(sizeof(uint));
    }

    private static void WriteBlock(ReadOnlySpan<byte> block, LZ4Level effort, RecordBuffer output)
    {
        // One byte less than the block: a block that does not shrink is stored.
        var destination = output.GetSpan(sizeof(uint) + block.Length);
        var written = LZ4Codec.Encode(block, destination.Slice(sizeof(uint), block.Length - 1), effort);
        var length = (uint)written;
        if (written <= 0)
        {
            block.CopyTo(destination[sizeof(uint)..]);
            written = block.Length;
            length = (uint)written | Lz4Frame.Stored;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(destination, length);
        output.Advance(sizeof(uint) + written);
    }

    private static LZ4Level Effort(int level) => level switch
    {
        DefaultLevel => LZ4Level.L00_FAST,
        <= 3 => LZ4Level.L03_HC,
        >= 12 => LZ4Level.L12_MAX,
        _ => (LZ4Level)level,
    };
}
