using System.Text;
using CsCheck;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class OffsetCheckpointTests
{
    [Fact]
    public void Reads_what_Kafka_wrote()
    {
        Assert.True(OffsetCheckpoint.TryParse("0\n2\nsegments 0 60\n__consumer_offsets 1 7\n"u8, out var offsets, out _));
        Assert.Equal(2, offsets.Count);
        Assert.Equal(new Offset(60), offsets[new TopicPartition("segments", 0)]);
        Assert.Equal(new Offset(7), offsets[new TopicPartition("__consumer_offsets", 1)]);
    }

    [Fact]
    public void Writes_what_it_reads() =>
        Gen.Dictionary(Gen.Select(Gen.String[Gen.Char["abc.-_"], 1, 9].Where(t => t is not "." and not ".."), Gen.Int[0, int.MaxValue]), Gen.Long[0, long.MaxValue])
            .Sample(entries =>
            {
                var offsets = entries.ToDictionary(e => new TopicPartition(e.Key.Item1, e.Key.Item2), e => new Offset(e.Value));
                Assert.True(OffsetCheckpoint.TryParse(OffsetCheckpoint.Format(offsets), out var back, out var reason), reason);
                Assert.Equal(offsets, back);
            });

    [Theory]
    [InlineData("", "version")]
    [InlineData("1\n0\n", "version")]
    [InlineData("0\n", "count")]
    [InlineData("0\nx\n", "count")]
    [InlineData("0\n2\na 0 1\n", "1 entries")]
    [InlineData("0\n1\na 0 1\nb 0 1\n", "2 entries")]
    [InlineData("0\n1\na 0\n", "TOPIC PARTITION OFFSET")]
    [InlineData("0\n1\na 0 1 1\n", "TOPIC PARTITION OFFSET")]
    [InlineData("0\n1\na 0 -1\n", "TOPIC PARTITION OFFSET")]
    [InlineData("0\n1\n../x 0 1\n", "TOPIC PARTITION OFFSET")]
    [InlineData("0\n2\na 0 1\na 0 2\n", "TOPIC PARTITION OFFSET")]
    public void Half_a_checkpoint_is_none(string text, string reason)
    {
        Assert.False(OffsetCheckpoint.TryParse(Encoding.UTF8.GetBytes(text), out var offsets, out var said));
        Assert.Empty(offsets);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_any_kind_do_no_harm() =>
        Gen.Byte.Array.Sample(bytes => OffsetCheckpoint.TryParse(bytes, out _, out _) || true);
}
