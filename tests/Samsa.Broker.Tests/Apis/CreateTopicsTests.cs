using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class CreateTopicsTests
{
    [Theory]
    [InlineData("t", ErrorCode.None)]
    [InlineData("a.b", ErrorCode.TopicAlreadyExists)]
    [InlineData("a_b", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("__cluster_metadata", ErrorCode.InvalidRequest)]
    public async Task Names_are_checked_before_anything_is_made(string name, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a.b");
        Assert.Equal(error, (await CreateAsync(broker, name)).ErrorCode);
        Assert.Equal(error == ErrorCode.None ? 2 : 1, broker.Image.Topics.Count);
    }

    [Fact]
    public async Task The_answer_shows_the_settings_that_hold()
    {
        await using var broker = await TestBroker.StartAsync();
        var result = await CreateAsync(broker, "t", ("retention.ms", "5"));
        Assert.Equal((1, 1), (result.NumPartitions, result.ReplicationFactor));
        Assert.Equal("5", result.Configs!.Single(c => c.Name == "retention.ms").Value);
        Assert.Equal("1073741824", result.Configs!.Single(c => c.Name == "segment.bytes").Value);
    }

    private static async Task<CreateTopicsResponse.CreatableTopicResult> CreateAsync(TestBroker broker, string name, params (string Name, string Value)[] configs) =>
        (await broker.CallAsync<CreateTopicsResponse>(new CreateTopicsRequest
        {
            Topics =
            [
                new()
                {
                    Name = name, NumPartitions = -1, ReplicationFactor = -1,
                    Configs = Array.ConvertAll(configs, c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Name, Value = c.Value }),
                },
            ],
        })).Topics[0];
}
