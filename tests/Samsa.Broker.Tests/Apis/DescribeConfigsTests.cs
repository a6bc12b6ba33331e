using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeConfigsTests
{
    [Fact]
    public async Task A_value_comes_with_all_that_were_in_the_running()
    {
        await using var broker = await TestBroker.StartAsync("log.retention.ms=3");
        await broker.CreateTopicAsync("t", 1, ("retention.ms", "1"));
        await IncrementalAlterConfigsTests.AlterAsync(broker, 4, "", ("log.retention.ms", ConfigOperation.Set, "2"));
        var entry = Assert.Single((await DescribeAsync(broker, 2, "t", "retention.ms")).Configs);
        Assert.Equal(("1", (sbyte)ConfigSource.DynamicTopic), (entry.Value, entry.ConfigSource));
        Assert.Equal(
            [("retention.ms", "1", 1), ("log.retention.ms", "2", 3), ("log.retention.ms", "3", 4)],
            entry.Synonyms.Take(3).Select(s => (s.Name, s.Value!, (int)s.Source)));
        Assert.StartsWith("Milliseconds", entry.Documentation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_stored_and_never_shown()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.None, await IncrementalAlterConfigsTests.AlterAsync(broker, 4, "1", ("ssl.keystore.password", ConfigOperation.Set, "swordfish")));
        var entry = Assert.Single((await DescribeAsync(broker, 4, "1", "ssl.keystore.password")).Configs);
        Assert.Equal((true, null, (sbyte)ConfigSource.DynamicBroker), (entry.IsSensitive, entry.Value, entry.ConfigSource));
        Assert.All(entry.Synonyms, s => Assert.Null(s.Value));
    }

    [Fact]
    public async Task The_default_of_all_brokers_shows_only_what_was_set()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Empty((await DescribeAsync(broker, 4, "")).Configs);
        await IncrementalAlterConfigsTests.AlterAsync(broker, 4, "", ("max.connections", ConfigOperation.Set, "5"));
        Assert.Equal(("max.connections", "5"), (await DescribeAsync(broker, 4, "")).Configs.Select(c => (c.Name, c.Value)).Single());
    }

    [Fact]
    public async Task Loggers_are_a_resource_of_their_broker()
    {
        using var log = new ConsoleLog(new ConsoleLogOptions(), new MemoryStream());
        log.CreateLogger("Samsa.Test");
        await using var broker = await TestBroker.StartAsync(TimeProvider.System, log.Levels);
        Assert.Equal([("Samsa.Test", "INFO"), ("root", "INFO")], (await DescribeAsync(broker, 8, "1")).Configs.Select(c => (c.Name, c.Value!)));
    }

    [Theory]
    [InlineData(2, "none", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(2, "a b", ErrorCode.InvalidTopicException)]
    [InlineData(4, "2", ErrorCode.InvalidRequest)]
    [InlineData(4, "x", ErrorCode.InvalidRequest)]
    [InlineData(8, "", ErrorCode.InvalidRequest)]
    [InlineData(8, "2", ErrorCode.InvalidRequest)]
    [InlineData(16, "", ErrorCode.InvalidRequest)]
    [InlineData(16, "s", ErrorCode.None)]
    [InlineData(32, "", ErrorCode.InvalidRequest)]
    [InlineData(32, "g", ErrorCode.None)]
    [InlineData(1, "x", ErrorCode.InvalidRequest)]
    public async Task What_is_not_there_is_refused(sbyte type, string name, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(error, (await DescribeAsync(broker, type, name)).ErrorCode);
    }

    private static async Task<DescribeConfigsResponse.DescribeConfigsResult> DescribeAsync(TestBroker broker, sbyte type, string name, params string[] keys)
    {
        var request = new DescribeConfigsRequest
        {
            IncludeSynonyms = true, IncludeDocumentation = true,
            Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = keys.Length == 0 ? null : keys }],
        };
        return Assert.Single((await broker.CallAsync<DescribeConfigsResponse>(request)).Results);
    }
}
