using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class AlterConfigsTests
{
    [Fact]
    public async Task What_is_not_named_goes_back_to_its_default()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("retention.ms", "1000"), ("segment.bytes", "2000000"));
        Assert.Equal((ErrorCode.None, null), await AlterAsync(broker, "t", ("segment.bytes", "3000000")));
        var config = broker.LogOf("t").Config;
        Assert.Equal((604_800_000, 3_000_000), (config.RetentionMs, config.SegmentBytes));
        Assert.Equal((ErrorCode.None, null), await AlterAsync(broker, "t"));
        Assert.Empty(broker.Image.ConfigsOf(ConfigResource.Topic("t")));
    }

    [Theory]
    [InlineData("t", "retention.ms", null, ErrorCode.InvalidRequest, "Null value not supported for : retention.ms")]
    [InlineData("t", "retention.ms", "soon", ErrorCode.InvalidConfig, "Invalid value soon for configuration retention.ms: Not a number of type LONG")]
    [InlineData("none", "retention.ms", "1", ErrorCode.UnknownTopicOrPartition, "The topic 'none' does not exist.")]
    public async Task What_cannot_be_is_refused_in_Kafkas_words(string topic, string name, string? value, ErrorCode error, string message)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal((error, message), await AlterAsync(broker, topic, (name, value)));
    }

    [Fact]
    public async Task Levels_of_loggers_are_not_altered_this_way()
    {
        await using var broker = await TestBroker.StartAsync();
        var request = new AlterConfigsRequest { Resources = [new() { ResourceType = 8, ResourceName = "1", Configs = [new() { Name = "root", Value = "DEBUG" }] }] };
        Assert.Equal(ErrorCode.InvalidRequest, (await broker.CallAsync<AlterConfigsResponse>(request)).Responses[0].ErrorCode);
    }

    private static async Task<(ErrorCode Error, string? Message)> AlterAsync(TestBroker broker, string topic, params (string Name, string? Value)[] configs)
    {
        var request = new AlterConfigsRequest
        {
            Resources = [new() { ResourceType = 2, ResourceName = topic, Configs = Array.ConvertAll(configs, c => new AlterConfigsRequest.AlterableConfig { Name = c.Name, Value = c.Value }) }],
        };
        var answer = Assert.Single((await broker.CallAsync<AlterConfigsResponse>(request)).Responses);
        return (answer.ErrorCode, answer.ErrorMessage);
    }
}
