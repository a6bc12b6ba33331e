using CsCheck;
using Samsa.Model;

namespace Samsa.Storage.Tests.LogDirs;

public sealed class PartitionDirectoryNameTests
{
    private const string Hex = "2e66ecd812db4009882573a351a72131";

    [Theory]
    [InlineData("orders-0", "orders", 0)]
    [InlineData("topic-with-dashes-3", "topic-with-dashes", 3)]
    [InlineData("__consumer_offsets-49", "__consumer_offsets", 49)]
    [InlineData("a.b-2147483647", "a.b", int.MaxValue)]
    [InlineData("x-delete-1", "x-delete", 1)]
    [InlineData("x.2e66ecd812db4009882573a351a72131-delete-1", "x.2e66ecd812db4009882573a351a72131-delete", 1)]
    [InlineData("--1", "-", 1)]
    public void A_directory_in_use_is_its_topic_and_index(string name, string topic, int partition)
    {
        Assert.True(PartitionDirectoryName.TryParse(name, out var parsed));
        Assert.Equal(new PartitionDirectoryName(new TopicPartition(topic, partition), PartitionDirectoryKind.Live), parsed);
        Assert.Equal(name, PartitionDirectoryName.For(parsed.Partition));
    }

    [Theory]
    [InlineData("delete", PartitionDirectoryKind.Delete)]
    [InlineData("future", PartitionDirectoryKind.Future)]
    [InlineData("stray", PartitionDirectoryKind.Stray)]
    public void Suffixes_say_what_becomes_of_a_directory(string suffix, object kind)
    {
        Assert.True(PartitionDirectoryName.TryParse($"gone-by-0.{Hex}-{suffix}", out var parsed));
        Assert.Equal(new TopicPartition("gone-by", 0), parsed.Partition);
        Assert.Equal((PartitionDirectoryKind)kind, parsed.Kind);
        Assert.Equal($"gone-by-0.{Hex}-{suffix}", PartitionDirectoryName.For(parsed.Partition, parsed.Kind, Guid.Parse(Hex)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-0")]
    [InlineData("orders")]
    [InlineData("orders-")]
    [InlineData("orders-01")]
    [InlineData("orders-+1")]
    [InlineData("orders--1x")]
    [InlineData("orders-2147483648")]
    [InlineData("..-0")]
    [InlineData(".-0")]
    [InlineData("../orders-0")]
    [InlineData("a/b-0")]
    [InlineData("ünder-0")]
    [InlineData("orders-0.2e66ecd812db4009882573a351a7213-delete")]
    [InlineData("orders-0.2E66ECD812DB4009882573A351A72131-delete")]
    [InlineData("lost+found")]
    public void Other_names_are_no_partitions(string name) => Assert.False(PartitionDirectoryName.TryParse(name, out _));

    [Theory]
    [InlineData("..", 0)]
    [InlineData("../../etc/passwd", 0)]
    [InlineData("", 0)]
    [InlineData("a\0b", 0)]
    [InlineData("orders", -1)]
    public void No_directory_is_made_for_an_illegal_name(string topic, int partition) =>
        Assert.Throws<ArgumentException>(() => PartitionDirectoryName.For(new TopicPartition(topic, partition)));

    [Fact]
    public void The_longest_topic_still_fits_when_deleted()
    {
        var topic = new string('t', PartitionDirectoryName.MaxTopicLength);
        var name = PartitionDirectoryName.For(new TopicPartition(topic, int.MaxValue), PartitionDirectoryKind.Delete, Guid.NewGuid());
        Assert.Equal(255, name.Length);
        Assert.True(PartitionDirectoryName.TryParse(name, out var parsed));
        Assert.Equal(PartitionDirectoryKind.Delete, parsed.Kind);
    }

    [Fact]
    public void Every_accepted_name_is_the_one_that_would_be_made() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab.-_019"], 0, 12]).Sample(name =>
            !PartitionDirectoryName.TryParse(name, out var parsed)
            || parsed.Kind != PartitionDirectoryKind.Live
            || PartitionDirectoryName.For(parsed.Partition) == name);
}
