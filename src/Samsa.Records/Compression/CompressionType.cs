namespace Samsa.Records;

/// <summary>How the records of a batch are compressed; the numbers are the codec bits of its attributes.</summary>
public enum CompressionType : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>gzip.</summary>
    Gzip = 1,

    /// <summary>Snappy, in snappy-java's framing or as one raw block.</summary>
    Snappy = 2,

    /// <summary>LZ4 frame.</summary>
    Lz4 = 3,

    /// <summary>Zstandard (KIP-110).</summary>
    Zstd = 4,
}
