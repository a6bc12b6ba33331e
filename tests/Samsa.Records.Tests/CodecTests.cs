using System.Buffers;
using CsCheck;
using Samsa.Model;
using Snappier;

namespace Samsa.Records.Tests;

public sealed class CodecTests
{
    private const string Pangram = "the quick brown fox jumps over the lazy dog, ";

    private static readonly byte[] s_text =
        [.. Enumerable.Repeat(System.Text.Encoding.UTF8.GetBytes(Pangram), 4000).SelectMany(b => b).Take(150_000)];

    private static readonly Gen<byte[]> s_data = Gen.Frequency(
        (2, Gen.Byte.Array[0, 200]),
        (1, Gen.Byte.Array[0, 90_000]),
        (2, Gen.Select(Gen.Byte[0, 3].Array[1, 50], Gen.Int[1, 20_000])
            .Select((part, times) => Enumerable.Repeat(part, times).SelectMany(p => p).Take(150_000).ToArray())));

    public static TheoryData<CompressionType> Codecs =>
        [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    public static TheoryData<CompressionType, int> Levels => new()
    {
        { CompressionType.Gzip, -1 }, { CompressionType.Gzip, 1 }, { CompressionType.Gzip, 9 },
        { CompressionType.Lz4, 1 }, { CompressionType.Lz4, 9 }, { CompressionType.Lz4, 10 }, { CompressionType.Lz4, 17 },
        { CompressionType.Zstd, -131072 }, { CompressionType.Zstd, 1 }, { CompressionType.Zstd, 3 }, { CompressionType.Zstd, 22 },
    };

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_is_compressed_comes_back_whole_and_in_pieces_of_any_size(CompressionType codec) =>
        Gen.Select(s_data, Gen.Int[1, 100_000]).Sample((data, piece) =>
        {
            var compressed = Compress(codec, null, data);
            if (data.Length > 0)
            {
                Assert.Equal(data, Decompress(codec, compressed));
                Assert.Equal(data, InPieces(codec, compressed, piece));
            }
        }, iter: 60);

    [Theory]
    [MemberData(nameof(Levels))]
    public void Every_level_works(CompressionType codec, int level)
    {
        Assert.True(codec.IsValidLevel(level));
        Assert.Equal(s_text, Decompress(codec, Compress(codec, level, s_text)));
    }

    [Fact]
    public void Lz4_frames_have_independent_blocks_of_64_KB_and_a_right_header_checksum() =>
        Assert.Equal("04224D18604082", Convert.ToHexString(Compress(CompressionType.Lz4, null, s_text).AsSpan(0, 7)));

    [Fact]
    public void Lz4_stores_blocks_that_do_not_shrink()
    {
        var noise = Gen.Byte.Array[100_000].Single();
        Assert.Equal(noise.Length + 7 + 4 + 4 + 4, Compress(CompressionType.Lz4, null, noise).Length);
    }

    [Fact]
    public void Snappy_is_framed_as_snappy_java_does() =>
        Assert.Equal(
            "82534E41505059000000000100000001",
            Convert.ToHexString(Compress(CompressionType.Snappy, null, s_text).AsSpan(0, 16)));

    [Fact]
    public void Snappy_without_framing_is_read_as_well()
    {
        var raw = Snappy.CompressToArray(s_text);
        Assert.Equal(s_text, Decompress(CompressionType.Snappy, raw));
        Assert.Equal(s_text, InPieces(CompressionType.Snappy, raw, 1000));
    }

    [Fact]
    public void Snappy_streams_may_be_joined()
    {
        var one = Compress(CompressionType.Snappy, null, s_text);
        Assert.Equal([.. s_text, .. s_text], Decompress(CompressionType.Snappy, [.. one, .. one]));
    }

    [Fact]
    public void Gzip_members_may_be_joined()
    {
        var one = Compress(CompressionType.Gzip, null, s_text);
        Assert.Equal([.. s_text, .. s_text], Decompress(CompressionType.Gzip, [.. one, .. one]));
    }

    [Fact]
    public void Zstd_frames_may_be_joined()
    {
        var one = Compress(CompressionType.Zstd, null, s_text);
        Assert.Equal([.. s_text, .. s_text], Decompress(CompressionType.Zstd, [.. one, .. one]));
    }

    [Theory]
    [InlineData(CompressionType.Lz4, "linked-checked.lz4")]
    [InlineData(CompressionType.Zstd, "streamed.zst")]
    [InlineData(CompressionType.Zstd, "window-128m.zst")]
    public void What_other_tools_write_is_read(CompressionType codec, string file)
    {
        var compressed = File.ReadAllBytes(GoldenFiles.Path("codecs", file));
        Assert.Equal(s_text, Decompress(codec, compressed));
        Assert.Equal(s_text, InPieces(codec, compressed, 777));
    }

    [Fact]
    public void A_zstd_window_of_2_GB_is_refused() =>
        Refused(ErrorCode.CorruptMessage, CompressionType.Zstd, File.ReadAllBytes(GoldenFiles.Path("codecs", "window-2g.zst")));

    [Fact]
    public void A_wrong_block_checksum_in_lz4_is_noticed()
    {
        var frame = File.ReadAllBytes(GoldenFiles.Path("codecs", "linked-checked.lz4"));
        frame[30] ^= 1;
        Refused(ErrorCode.CorruptMessage, CompressionType.Lz4, frame);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Every_prefix_is_refused_or_gives_a_prefix(CompressionType codec)
    {
        var compressed = Compress(codec, null, s_text.AsSpan(0, 500).ToArray());
        for (var length = 0; length < compressed.Length; length++)
        {
            try
            {
                Assert.True(s_text.AsSpan().StartsWith(Decompress(codec, compressed[..length])));
            }
            catch (InvalidRecordException e)
            {
                Assert.Equal(ErrorCode.CorruptMessage, e.ErrorCode);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Damaged_data_throws_nothing_else(CompressionType codec) =>
        Gen.Select(s_data, Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 4]).Sample((data, changes) =>
        {
            var compressed = Compress(codec, null, data);
            foreach (var (at, value) in changes)
            {
                if (compressed.Length > 0)
                {
                    compressed[at % compressed.Length] = value;
                }
            }

            try
            {
                Decompress(codec, compressed);
            }
            catch (InvalidRecordException)
            {
                // The one exception allowed.
            }
        }, iter: 150);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_bomb_is_refused_in_bounded_memory(CompressionType codec)
    {
        var bomb = Compress(codec, null, new byte[30_000_000]);
        Refused(ErrorCode.MessageTooLarge, codec, bomb, 1_000_000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(ErrorCode.MessageTooLarge, codec, bomb, 1_000_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void A_raw_snappy_block_cannot_claim_more_than_its_bytes_can_hold()
    {
        byte[] claim = [0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00, 0x41];
        Refused(ErrorCode.CorruptMessage, CompressionType.Snappy, claim, int.MaxValue);
    }

    [Fact]
    public void The_checksum_inside_gzip_is_checked()
    {
        var compressed = Compress(CompressionType.Gzip, null, s_text);
        compressed[^6] ^= 1;
        Refused(ErrorCode.CorruptMessage, CompressionType.Gzip, compressed);
    }

    [Theory]
    [InlineData("producer", true, null)]
    [InlineData("uncompressed", true, CompressionType.None)]
    [InlineData("zstd", true, CompressionType.Zstd)]
    [InlineData("brotli", false, null)]
    public void Names_of_targets_are_parsed(string name, bool known, CompressionType? expected)
    {
        Assert.Equal(known, CompressionTypes.TryParseTarget(name, out var target));
        Assert.Equal(expected, target);
    }

    private static byte[] Compress(CompressionType codec, int? level, byte[] data)
    {
        using var output = new RecordBuffer();
        RecordCompression.Compress(codec, level, data, output);
        return output.Written.ToArray();
    }

    private static byte[] Decompress(CompressionType codec, byte[] compressed, int limit = TestBatches.Limit)
    {
        var bytes = RecordDecompression.DecompressAll(codec, compressed, limit, out var rented).ToArray();
        ArrayPool<byte>.Shared.Return(rented!);
        return bytes;
    }

    private static byte[] InPieces(CompressionType codec, byte[] compressed, int size)
    {
        var decoder = RecordDecompression.Rent(codec);
        decoder.Open(compressed);
        var all = new List<byte>();
        var piece = new byte[size];
        int read;
        while ((read = decoder.Read(piece)) > 0)
        {
            all.AddRange(piece.AsSpan(0, read));
        }

        RecordDecompression.Return(codec, decoder);
        return [.. all];
    }

    private static void Refused(ErrorCode error, CompressionType codec, byte[] compressed, int limit = TestBatches.Limit) =>
        Assert.Equal(error, Assert.Throws<InvalidRecordException>(() => Decompress(codec, compressed, limit)).ErrorCode);
}
