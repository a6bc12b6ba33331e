using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;
using static Samsa.Core.Metadata.ConfigOperation;

namespace Samsa.Broker.Tests.Apis;

public sealed class IncrementalAlterConfigsTests
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;
    private const sbyte Logger = 8;

    [Fact]
    public async Task A_topics_log_follows_each_change()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 2);
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Topic, "t", ("retention.ms", Set, "1000"), ("cleanup.policy", Append, "compact"), ("samsa.flush.on.ack", Set, "true")));
        var config = broker.LogOf("t", 1).Config;
        Assert.Equal((1000, true, true, true), (config.RetentionMs, config.CleanupCompact, config.CleanupDelete, config.FlushOnAck));
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Topic, "t", ("retention.ms", Delete, null), ("cleanup.policy", Subtract, "delete")));
        config = broker.LogOf("t", 1).Config;
        Assert.Equal((604_800_000, true, false), (config.RetentionMs, config.CleanupCompact, config.CleanupDelete));
    }

    [Fact]
    public async Task A_default_of_all_brokers_reaches_topics_that_say_nothing_else()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("plain");
        await broker.CreateTopicAsync("own", 1, ("retention.ms", "5"));
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Broker, "", ("log.retention.ms", Set, "7")));
        Assert.Equal((7, 5), (broker.LogOf("plain").Config.RetentionMs, broker.LogOf("own").Config.RetentionMs));
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Broker, "1", ("log.retention.ms", Set, "9")));
        Assert.Equal(9, broker.LogOf("plain").Config.RetentionMs);
        await AlterAsync(broker, Broker, "1", ("log.retention.ms", Delete, null));
        await AlterAsync(broker, Broker, "", ("log.retention.ms", Delete, null));
        Assert.Equal(604_800_000, broker.LogOf("plain").Config.RetentionMs);
    }

    [Fact]
    public async Task A_restart_keeps_what_was_changed()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await AlterAsync(broker, Broker, "1", ("log.retention.ms", Set, "9"));
        await broker.CrashAsync();
        Assert.Equal(9, broker.LogOf("t").Config.RetentionMs);
    }

    [Fact]
    public async Task New_logs_go_round_a_cordoned_directory()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Broker, "1", ("cordoned.log.dirs", Set, broker.DataDirectory)));
        await broker.CreateTopicAsync("t");
        Assert.Empty(broker.Store.Logs);
        Assert.True((await broker.CallAsync<DescribeLogDirsResponse>(new DescribeLogDirsRequest())).Results[0].IsCordoned);
    }

    [Theory]
    [InlineData(Broker, "1", "auto.create.topics.enable", "false", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "listeners", "PLAINTEXT://:1", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "", "ssl.keystore.location", "/x", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "1", "max.connections", "-1", ErrorCode.InvalidRequest)]
    [InlineData(Broker, "2", "max.connections", "1", ErrorCode.BrokerIdNotRegistered)]
    [InlineData(Broker, "x", "max.connections", "1", ErrorCode.InvalidRequest)]
    [InlineData(Topic, "t", "retention.ms", "-2", ErrorCode.InvalidConfig)]
    [InlineData(Topic, "", "retention.ms", "1", ErrorCode.InvalidRequest)]
    [InlineData(Topic, "a b", "retention.ms", "1", ErrorCode.InvalidTopicException)]
    [InlineData(16, "s", "interval.ms", "1", ErrorCode.InvalidRequest)]
    [InlineData(16, "s", "match", "colour=red", ErrorCode.InvalidConfig)]
    [InlineData(16, "s", "interval.ms", "1000", ErrorCode.None)]
    [InlineData(32, "g", "consumer.session.timeout.ms", "1", ErrorCode.InvalidConfig)]
    [InlineData(32, "g", "consumer.session.timeout.ms", "50000", ErrorCode.None)]
    [InlineData(32, "g", "no.such", "1", ErrorCode.InvalidConfig)]
    [InlineData(77, "x", "a", "1", ErrorCode.InvalidRequest)]
    [InlineData(Logger, "1", "no.such.logger", "WARN", ErrorCode.InvalidConfig)]
    [InlineData(Logger, "2", "root", "WARN", ErrorCode.InvalidRequest)]
    public async Task Values_are_checked_against_what_the_resource_is(sbyte type, string resource, string name, string value, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal(error, await AlterAsync(broker, type, resource, (name, Set, value)));
        Assert.Equal(error == ErrorCode.None, broker.Image.ConfigsOf(new ConfigResource((ConfigResourceType)type, resource)).ContainsKey(name));
    }

    [Fact]
    public async Task Levels_of_loggers_change_at_once_and_samsa_log_level_is_the_root()
    {
        using var log = new ConsoleLog(new ConsoleLogOptions(), new MemoryStream());
        var logger = log.CreateLogger("Samsa.Test");
        await using var broker = await TestBroker.StartAsync(TimeProvider.System, log.Levels);
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Logger, "1", ("Samsa.Test", Set, "DEBUG")));
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.Equal(ErrorCode.InvalidConfig, await AlterAsync(broker, Logger, "1", ("Samsa.Test", Set, "ERROR"), ("root", Set, "NOPE")));
        Assert.True(logger.IsEnabled(LogLevel.Debug));
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Logger, "1", ("Samsa.Test", Delete, null)));
        Assert.Equal(ErrorCode.None, await AlterAsync(broker, Broker, "", (SamsaConfigs.LogLevel.Name, Set, "ERROR")));
        Assert.False(logger.IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public async Task A_resource_named_twice_is_refused_twice_and_others_are_served()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.CreateTopicAsync("u");
        IncrementalAlterConfigsRequest.AlterConfigsResource Resource(string topic) => new() { ResourceType = Topic, ResourceName = topic, Configs = [new() { Name = "retention.ms", Value = "5" }] };
        var answer = await broker.CallAsync<IncrementalAlterConfigsResponse>(new IncrementalAlterConfigsRequest { Resources = [Resource("t"), Resource("u"), Resource("t")] });
        Assert.Equal([ErrorCode.InvalidRequest, ErrorCode.None, ErrorCode.InvalidRequest], answer.Responses.Select(r => r.ErrorCode));
    }

    [Fact]
    public async Task Validating_changes_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var request = new IncrementalAlterConfigsRequest
        {
            ValidateOnly = true, Resources = [new() { ResourceType = Topic, ResourceName = "t", Configs = [new() { Name = "retention.ms", Value = "5" }] }],
        };
        Assert.Equal(ErrorCode.None, (await broker.CallAsync<IncrementalAlterConfigsResponse>(request)).Responses[0].ErrorCode);
        Assert.Equal(604_800_000, broker.LogOf("t").Config.RetentionMs);
    }

    internal static async Task<ErrorCode> AlterAsync(
        TestBroker broker, sbyte type, string resource, params (string Name, ConfigOperation Operation, string? Value)[] changes)
    {
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = type, ResourceName = resource,
                    Configs = Array.ConvertAll(changes, c => new IncrementalAlterConfigsRequest.AlterableConfig { Name = c.Name, ConfigOperation = (sbyte)c.Operation, Value = c.Value }),
                },
            ],
        };
        return Assert.Single((await broker.CallAsync<IncrementalAlterConfigsResponse>(request)).Responses).ErrorCode;
    }
}
