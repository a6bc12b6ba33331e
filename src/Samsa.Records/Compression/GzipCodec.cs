using System.IO.Compression;

namespace Samsa.Records;

/// <summary>gzip, by the runtime's zlib.</summary>
internal static class GzipCodec
{
    /// <summary>zlib's own choice (KIP-390).</summary>
    internal const int DefaultLevel = -1;

    internal static void Compress(ReadOnlySpan<byte> source, int level, RecordBuffer output)
    {
        using var sink = new RecordBufferStream(output);
        using var gzip = new GZipStream(sink, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
        gzip.Write(source);
    }
}
