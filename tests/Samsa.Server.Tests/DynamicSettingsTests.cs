using System.Net.Sockets;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

/// <summary>Settings that are changed over the wire reach what runs.</summary>
public sealed class DynamicSettingsTests
{
    private const sbyte Broker = 4;
    private const sbyte GroupResource = 32;
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connections_above_a_changed_limit_wait_until_it_is_raised()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Alter(client, Broker, "", "max.connections", "1");
        using var waiting = OneThatIsNotServed(server);
        Alter(client, Broker, "", "max.connections", null);
        var frame = Task.Run(() => Eventually(waiting), TestContext.Current.CancellationToken);
        Assert.NotNull(await frame.WaitAsync(s_patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_group_of_its_own_settings_is_told_them_and_of_their_end()
    {
        await using var server = await TestServer.StartAsync("offsets.topic.num.partitions=1");
        using var client = server.Connect();
        client.Call<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }], TimeoutMs = 5000 }, 7);
        ConsumerGroupTests.Find(client, "g");
        var before = HeartbeatInterval(client, "g");
        Alter(client, GroupResource, "g", "consumer.heartbeat.interval.ms", "7000");
        Assert.Equal(7_000, HeartbeatInterval(client, "g"));
        Assert.Equal(before, HeartbeatInterval(client, "other"));
        Assert.Equal("7000", Described(client, "g", "consumer.heartbeat.interval.ms"));
        Alter(client, GroupResource, "g", "consumer.heartbeat.interval.ms", null);
        Assert.Equal(before, HeartbeatInterval(client, "g"));
    }

    [Fact]
    public async Task A_groups_setting_out_of_the_brokers_bounds_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        var response = Ask(client, GroupResource, "g", "consumer.session.timeout.ms", "1");
        Assert.Equal(ErrorCode.InvalidConfig, response.ErrorCode);
        Assert.Contains("consumer.session.timeout.ms", response.ErrorMessage!, StringComparison.Ordinal);
    }

    // A setting is in force a moment after it was answered: connections are tried until one of them waits.
    private static WireClient OneThatIsNotServed(TestServer server)
    {
        for (var until = DateTime.UtcNow + s_patience; DateTime.UtcNow < until;)
        {
            var next = new WireClient(server.EndPoint, s_moment);
            next.Send(new ApiVersionsRequest(), 0);
            if (Answer(next) is null)
            {
                return next;
            }

            next.Dispose();
        }

        throw new TimeoutException("every connection is served");
    }

    private static byte[] Eventually(WireClient client)
    {
        for (var until = DateTime.UtcNow + s_patience; DateTime.UtcNow < until;)
        {
            if (Answer(client) is { } frame)
            {
                return frame;
            }
        }

        throw new TimeoutException("the connection still waits");
    }

    private static byte[]? Answer(WireClient client)
    {
        try
        {
            return client.ReceiveFrame() ?? throw new IOException("The connection was closed");
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return null;
        }
    }

    private static int HeartbeatInterval(WireClient client, string group)
    {
        var joined = client.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = "a", RebalanceTimeoutMs = 30_000, SubscribedTopicNames = ["t"], TopicPartitions = [] }, 1);
        Assert.Equal((ErrorCode.None, null), (joined.ErrorCode, joined.ErrorMessage));
        return joined.HeartbeatIntervalMs;
    }

    private static string? Described(WireClient client, string group, string name)
    {
        var request = new DescribeConfigsRequest { Resources = [new() { ResourceType = GroupResource, ResourceName = group, ConfigurationKeys = [name] }] };
        return Assert.Single(Assert.Single(client.Call<DescribeConfigsResponse>(request, 4).Results).Configs).Value;
    }

    private static void Alter(WireClient client, sbyte type, string resource, string name, string? value)
    {
        var response = Ask(client, type, resource, name, value);
        Assert.Equal((ErrorCode.None, null), (response.ErrorCode, response.ErrorMessage));
    }

    private static IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Ask(WireClient client, sbyte type, string resource, string name, string? value)
    {
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = resource,
                    Configs = [new() { Name = name, ConfigOperation = value is null ? Delete : Set, Value = value }],
                },
            ],
        };
        return Assert.Single(client.Call<IncrementalAlterConfigsResponse>(request, 1).Responses);
    }
}
