using System.Buffers.Binary;
using Snappier;

namespace Samsa.Records;

/// <summary>
/// Snappy in snappy-java's framing, which the Java client, librdkafka and sarama all read: a 16-byte header, then blocks
/// of 32 KB with a big endian length before each.
/// </summary>
internal static class SnappyCodec
{
    internal const int HeaderLength = 16;

    private const int BlockSize = 32 * 1024;
    private const int Version = 1;

    internal static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    internal static void Compress(ReadOnlySpan<byte> source, RecordBuffer output)
    {
        output.Write(Magic);
        var versions = output.GetSpan(2 * sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(versions, Version);
        BinaryPrimitives.WriteInt32BigEndian(versions[sizeof(int)..], Version);
        output.Advance(2 * sizeof(int));
        while (!source.IsEmpty)
        {
            var block = source[..Math.Min(BlockSize, source.Length)];
            var destination = output.GetSpan(sizeof(int) + Snappy.GetMaxCompressedLength(block.Length));
            var written = Snappy.Compress(block, destination[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(destination, written);
            output.Advance(sizeof(int) + written);
            source = source[block.Length..];
        }
    }
}
