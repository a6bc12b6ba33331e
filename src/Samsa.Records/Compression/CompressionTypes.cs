namespace Samsa.Records;

/// <summary>Names and levels of the codecs, as Kafka's configuration has them.</summary>
public static class CompressionTypes
{
    /// <summary>Whether the number names a codec.</summary>
    public static bool IsKnown(this CompressionType type) => type <= CompressionType.Zstd;

    /// <summary>Kafka's name: none, gzip, snappy, lz4, zstd.</summary>
    public static string Name(this CompressionType type) => type switch
    {
        CompressionType.None => "none",
        CompressionType.Gzip => "gzip",
        CompressionType.Snappy => "snappy",
        CompressionType.Lz4 => "lz4",
        CompressionType.Zstd => "zstd",
        _ => $"unknown codec {(byte)type}",
    };

    /// <summary>
    /// The codec that a topic's <c>compression.type</c> asks for: null for <c>producer</c>, which keeps what was sent.
    /// False where the name is none of producer, uncompressed, none, gzip, snappy, lz4, zstd.
    /// </summary>
    public static bool TryParseTarget(string name, out CompressionType? target)
    {
        target = name switch
        {
            "uncompressed" or "none" => CompressionType.None,
            "gzip" => CompressionType.Gzip,
            "snappy" => CompressionType.Snappy,
            "lz4" => CompressionType.Lz4,
            "zstd" => CompressionType.Zstd,
            _ => null,
        };
        return target is not null || name == "producer";
    }

    /// <summary>The level where none is configured: gzip -1 (the library's own choice, 6), lz4 9, zstd 3 (KIP-390); else 0.</summary>
    public static int DefaultLevel(this CompressionType type) => type switch
    {
        CompressionType.Gzip => GzipCodec.DefaultLevel,
        CompressionType.Lz4 => Lz4Codec.DefaultLevel,
        CompressionType.Zstd => ZstdCodec.DefaultLevel,
        _ => 0,
    };

    /// <summary>The levels that <c>compression.gzip.level</c> (1 to 9, -1), <c>.lz4.level</c> (1 to 17) and <c>.zstd.level</c> (-131072 to 22) allow.</summary>
    public static bool IsValidLevel(this CompressionType type, int level) => type switch
    {
        CompressionType.Gzip => level is -1 or (>= 1 and <= 9),
        CompressionType.Lz4 => level is >= 1 and <= 17,
        CompressionType.Zstd => level is >= -131072 and <= 22,
        _ => true,
    };
}
