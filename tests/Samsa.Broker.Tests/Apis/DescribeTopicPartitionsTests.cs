using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeTopicPartitionsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Page_by_page_every_partition_comes_once_and_in_order(int limit)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("b", 4);
        await broker.CreateTopicAsync("a", 3);
        var seen = new List<(string, int)>();
        DescribeTopicPartitionsRequest.PageCursor? cursor = null;
        do
        {
            var page = await broker.CallAsync<DescribeTopicPartitionsResponse>(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = limit, Cursor = cursor });
            seen.AddRange(page.Topics.SelectMany(t => t.Partitions.Select(p => (t.Name!, p.PartitionIndex))));
            Assert.True(page.Topics.Sum(t => t.Partitions.Length) <= limit);
            cursor = page.NextCursor is { } next ? new() { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex } : null;
        }
        while (cursor is not null);

        Assert.Equal([("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("b", 2), ("b", 3)], seen);
    }

    [Fact]
    public async Task The_broker_bounds_a_page_whatever_is_asked()
    {
        await using var broker = await TestBroker.StartAsync("max.request.partition.size.limit=2");
        await broker.CreateTopicAsync("a", 3);
        var page = await broker.CallAsync<DescribeTopicPartitionsResponse>(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = 1000 });
        Assert.Equal((2, 2), (page.Topics[0].Partitions.Length, page.NextCursor!.PartitionIndex));
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_answered_beside_the_others()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a");
        var request = new DescribeTopicPartitionsRequest { Topics = [new() { Name = "none" }, new() { Name = "a" }, new() { Name = "x y" }] };
        var page = await broker.CallAsync<DescribeTopicPartitionsResponse>(request);
        Assert.Equal(
            [("a", ErrorCode.None), ("none", ErrorCode.UnknownTopicOrPartition), ("x y", ErrorCode.InvalidTopicException)],
            page.Topics.Select(t => (t.Name!, t.ErrorCode)));
    }

    [Theory]
    [InlineData("a", -1)]
    [InlineData("b", 0)]
    public async Task A_cursor_that_points_nowhere_is_refused(string topic, int partition)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a");
        var request = new DescribeTopicPartitionsRequest { Topics = [new() { Name = "a" }], Cursor = new() { TopicName = topic, PartitionIndex = partition } };
        Assert.Equal(ErrorCode.InvalidRequest, (await broker.CallAsync<DescribeTopicPartitionsResponse>(request)).Topics[0].ErrorCode);
    }
}
