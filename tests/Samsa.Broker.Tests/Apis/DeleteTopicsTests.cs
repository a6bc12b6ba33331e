using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DeleteTopicsTests
{
    [Fact]
    public async Task A_topic_goes_by_id_and_its_log_with_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var request = new DeleteTopicsRequest { Topics = [new() { Name = null, TopicId = broker.Image.TopicByName("t")!.Id }] };
        Assert.Equal(("t", ErrorCode.None), (await broker.CallAsync<DeleteTopicsResponse>(request)).Responses.Select(r => (r.Name!, r.ErrorCode)).Single());
        Assert.Empty(broker.Store.Logs);
    }

    [Theory]
    [InlineData("true", "none", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("true", "__consumer_offsets", ErrorCode.InvalidTopicException)]
    [InlineData("false", "__consumer_offsets", ErrorCode.TopicDeletionDisabled)]
    public async Task What_may_not_go_stays(string isEnabled, string topic, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync($"delete.topic.enable={isEnabled}");
        await broker.CreateTopicAsync("__consumer_offsets");
        var request = new DeleteTopicsRequest { Topics = [new() { Name = topic }] };
        Assert.Equal(error, (await broker.CallAsync<DeleteTopicsResponse>(request)).Responses[0].ErrorCode);
        Assert.Single(broker.Image.Topics);
    }
}
