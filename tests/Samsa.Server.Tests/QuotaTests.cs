using System.Diagnostics;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class QuotaTests
{
    [Fact]
    public async Task A_producer_above_its_quota_is_answered_at_once_and_read_again_when_its_time_is_over()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Assert.Equal(0, ProduceThrottle(client, 10_000));
        Limit(client, "producer_byte_rate", 10_000);
        var watch = Stopwatch.StartNew();
        var throttleMs = ProduceThrottle(client, 105_000 + 5_000);
        var answeredMs = watch.ElapsedMilliseconds;
        Assert.InRange(throttleMs, 50, 11_000);
        Assert.True(answeredMs < throttleMs || throttleMs < 500, $"answered after {answeredMs} ms, throttled for {throttleMs}");
        Limit(client, "producer_byte_rate", null);
        Assert.InRange(watch.ElapsedMilliseconds, answeredMs + throttleMs - 50, long.MaxValue);
        Assert.Equal(0, ProduceThrottle(client, 110_000));
    }

    [Fact]
    public async Task A_consumer_above_its_quota_gets_nothing_until_its_time_is_over_and_then_everything()
    {
        await using var server = await TestServer.StartAsync("quota.window.num=2");
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        ProduceThrottle(client, 9_000);
        Limit(client, "consumer_byte_rate", 10_000);
        var throttled = 0;
        for (var i = 0; i < 4; i++)
        {
            var response = client.Call<FetchResponse>(ProduceAndFetchTests.FetchRequest("t", 0, 1000), 12);
            throttled += response.ThrottleTimeMs > 0 ? 1 : 0;
            Assert.Equal(response.ThrottleTimeMs > 0, response.Responses.Length == 0);
            Assert.InRange(response.ThrottleTimeMs, 0, 2000);
        }

        Assert.InRange(throttled, 1, 3);
    }

    [Fact]
    public async Task Who_creates_too_many_partitions_is_told_so()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Limit(client, "controller_mutation_rate", 1);
        Assert.Equal(ErrorCode.None, Create(client, "a", 13, 7).ErrorCode);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Create(client, "b", 1, 7).ErrorCode);
    }

    [Fact]
    public async Task A_client_that_keeps_threads_busy_is_throttled()
    {
        await using var server = await TestServer.StartAsync("quota.window.num=2");
        using var client = server.Connect();
        Limit(client, "request_percentage", 0.0001);
        var throttled = client.Call<MetadataResponse>(new MetadataRequest { Topics = [] }, 12).ThrottleTimeMs
            + client.Call<MetadataResponse>(new MetadataRequest { Topics = [] }, 12).ThrottleTimeMs;
        Assert.InRange(throttled, 1, 2000);
    }

    [Fact]
    public async Task An_address_that_connects_too_often_is_sent_away()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Alter(client, "ip", "127.0.0.1", "connection_creation_rate", 1);
        var refused = 0;
        for (var i = 0; i < 14; i++)
        {
            using var next = server.Connect();
            try
            {
                next.Call<ApiVersionsResponse>(new ApiVersionsRequest(), 0);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                refused++;
                break;
            }
        }

        Assert.Equal(1, refused);
    }

    [Fact]
    public async Task Quotas_outlive_a_restart()
    {
        await using var server = await TestServer.StartAsync();
        using (var client = server.Connect())
        {
            Limit(client, "producer_byte_rate", 12_345);
        }

        await server.RestartAsync();
        using var again = server.Connect();
        var entry = Assert.Single(again.Call<DescribeClientQuotasResponse>(new DescribeClientQuotasRequest(), 1).Entries!);
        Assert.Equal(12_345, Assert.Single(entry.Values).Value);
    }

    private static int ProduceThrottle(WireClient client, int bytes)
    {
        var response = client.Call<ProduceResponse>(ProduceAndFetchTests.ProduceRequest("t", 1, new string('x', bytes)), 9);
        Assert.Equal(ErrorCode.None, response.Responses[0].PartitionResponses[0].ErrorCode);
        return response.ThrottleTimeMs;
    }

    private static CreateTopicsResponse.CreatableTopicResult Create(WireClient client, string topic, int partitions, short version) =>
        client.Call<CreateTopicsResponse>(
            new CreateTopicsRequest { TimeoutMs = 1000, Topics = [new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }] }, version).Topics[0];

    private static void Limit(WireClient client, string key, double? value) => Alter(client, "client-id", null, key, value);

    private static void Alter(WireClient client, string type, string? name, string key, double? value)
    {
        var request = new AlterClientQuotasRequest
        {
            Entries =
            [
                new() { Entity = [new() { EntityType = type, EntityName = name }], Ops = [new() { Key = key, Value = value ?? 0, Remove = value is null }] },
            ],
        };
        Assert.Equal(ErrorCode.None, client.Call<AlterClientQuotasResponse>(request, 1).Entries[0].ErrorCode);
    }
}
