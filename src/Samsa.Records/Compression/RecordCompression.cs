namespace Samsa.Records;

/// <summary>Compression of the records of a batch.</summary>
internal static class RecordCompression
{
    /// <summary>Appends the compressed bytes to the output.</summary>
    /// <param name="type">The codec; None copies.</param>
    /// <param name="level">A level the codec has; null for its default.</param>
    /// <param name="source">The records, back to back.</param>
    /// <param name="output">Where the bytes go.</param>
    internal static void Compress(CompressionType type, int? level, ReadOnlyMemory<byte> source, RecordBuffer output)
    {
        var chosen = level ?? type.DefaultLevel();
        switch (type)
        {
            case CompressionType.None:
                output.Write(source.Span);
                break;
            case CompressionType.Gzip:
                GzipCodec.Compress(source.Span, chosen, output);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Compress(source.Span, output);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Compress(source.Span, chosen, output);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(source.Span, chosen, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "No such codec");
        }
    }
}
