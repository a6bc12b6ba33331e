using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class MetadataTests
{
    [Theory]
    [InlineData(true, "true", ErrorCode.None)]
    [InlineData(false, "true", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(true, "false", ErrorCode.UnknownTopicOrPartition)]
    public async Task A_topic_is_made_on_the_way_where_both_sides_want_it(bool client, string broker, ErrorCode error)
    {
        await using var node = await TestBroker.StartAsync($"auto.create.topics.enable={broker}");
        var request = new MetadataRequest { Topics = [new() { Name = "t" }], AllowAutoTopicCreation = client };
        Assert.Equal(error, (await node.CallAsync<MetadataResponse>(request)).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task Names_do_not_count_beside_ids()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a");
        await broker.CreateTopicAsync("b");
        var request = new MetadataRequest { Topics = [new() { Name = null, TopicId = broker.Image.TopicByName("a")!.Id }, new() { Name = "b" }] };
        Assert.Equal(["a"], (await broker.CallAsync<MetadataResponse>(request)).Topics.Select(t => t.Name));
    }
}
