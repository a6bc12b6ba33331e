using System.Buffers;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>Decompression of the records of a batch, with pooled decoders and buffers.</summary>
internal static class RecordDecompression
{
    private const int SmallestBuffer = 16 * 1024;
    private const int ExpectedRatio = 4;

    private static readonly ReusePool<IRecordDecoder> s_gzip = new(static () => new GzipDecoder());
    private static readonly ReusePool<IRecordDecoder> s_snappy = new(static () => new SnappyDecoder());
    private static readonly ReusePool<IRecordDecoder> s_lz4 = new(static () => new Lz4Decoder());
    private static readonly ReusePool<IRecordDecoder> s_zstd = new(static () => new ZstdDecoder());

    /// <summary>Takes a decoder; give it back with <see cref="Return"/>.</summary>
    /// <exception cref="InvalidRecordException">UNSUPPORTED_COMPRESSION_TYPE: there is no such codec.</exception>
    internal static IRecordDecoder Rent(CompressionType type) => PoolOf(type).Rent();

    /// <summary>Closes the decoder and keeps it for the next batch.</summary>
    internal static void Return(CompressionType type, IRecordDecoder decoder)
    {
        decoder.Close();
        PoolOf(type).Return(decoder);
    }

    /// <summary>Decompresses everything into a buffer from the shared pool, which the caller returns to it.</summary>
    /// <exception cref="InvalidRecordException">The data is damaged, the codec unknown, or the result longer than the maximum.</exception>
    internal static ReadOnlyMemory<byte> DecompressAll(
        CompressionType type, ReadOnlyMemory<byte> compressed, int maxBytes, out byte[]? rented)
    {
        rented = null;
        var buffer = ArrayPool<byte>.Shared.Rent(FirstGuess(compressed.Length, maxBytes));
        var decoder = Rent(type);
        try
        {
            decoder.Open(compressed);
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    Grow(ref buffer, length);
                }

                var read = decoder.Read(buffer.AsSpan(length));
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > maxBytes)
                {
                    throw TooLarge(maxBytes);
                }
            }

            rented = buffer;
            return buffer.AsMemory(0, length);
        }
        finally
        {
            Return(type, decoder);
            if (rented is null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    internal static InvalidRecordException TooLarge(long maxBytes) =>
        new(ErrorCode.MessageTooLarge, $"A batch's records take more than {maxBytes} bytes when decompressed");

    internal static InvalidRecordException Corrupt(CompressionType type, string what, Exception? inner = null) =>
        new(ErrorCode.CorruptMessage, $"Invalid {type.Name()} data: {what}", inner);

    private static int FirstGuess(int compressed, int maxBytes) =>
        (int)Math.Clamp((long)compressed * ExpectedRatio, SmallestBuffer, Math.Max(maxBytes, SmallestBuffer));

    private static void Grow(ref byte[] buffer, int used)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, 2L * buffer.Length));
        buffer.AsSpan(0, used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static ReusePool<IRecordDecoder> PoolOf(CompressionType type) => type switch
    {
        CompressionType.Gzip => s_gzip,
        CompressionType.Snappy => s_snappy,
        CompressionType.Lz4 => s_lz4,
        CompressionType.Zstd => s_zstd,
        _ => throw new InvalidRecordException(
            ErrorCode.UnsupportedCompressionType, $"There is no compression codec {(byte)type}"),
    };
}
