using System.Text;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Server.Tests;

public sealed class ProduceAndFetchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_produced_is_fetched_also_after_a_restart(bool flushOnAck)
    {
        await using var server = await TestServer.StartAsync($"samsa.flush.on.ack={flushOnAck.ToString().ToLowerInvariant()}");
        using (var client = server.Connect())
        {
            var metadata = client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
            Assert.Equal(ErrorCode.None, Assert.Single(metadata.Topics).ErrorCode);
            Assert.Equal(0, Produce(client, "t", -1, "a", "b").BaseOffset.Value);
            Assert.Equal(2, Produce(client, "t", 1, "c").BaseOffset.Value);
            Assert.Equal(["a", "b", "c"], Fetch(client, "t", 0));
        }

        await server.RestartAsync();
        using (var client = server.Connect())
        {
            Assert.Equal(["a", "b", "c"], Fetch(client, "t", 0));
            Assert.Equal(3, Produce(client, "t", -1, "d").BaseOffset.Value);
            Assert.Equal(["d"], Fetch(client, "t", 3));
        }
    }

    [Fact]
    public async Task A_fetch_that_waits_is_answered_when_something_comes()
    {
        await using var server = await TestServer.StartAsync();
        using var consumer = server.Connect();
        using var producer = server.Connect();
        producer.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        consumer.Send(FetchRequest("t", 0, maxWaitMs: 60_000), 12);
        Produce(producer, "t", 1, "x");
        var response = consumer.Receive<FetchResponse>(ApiKey.Fetch, 12);
        Assert.Equal(["x"], Values(response));
    }

    [Fact]
    public async Task A_fetch_that_finds_nothing_is_answered_when_its_time_is_up()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        var response = client.Call<FetchResponse>(FetchRequest("t", 0, maxWaitMs: 50), 12);
        Assert.Empty(Values(response));
        Assert.Equal(ErrorCode.None, response.Responses[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task A_fetch_beyond_the_memory_for_answers_gets_one_batch_at_a_time()
    {
        await using var server = await TestServer.StartAsync("samsa.max.unsent.fetch.bytes=0");
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Produce(client, "t", 1, "a", "b");
        Produce(client, "t", 1, "c");
        Assert.Equal(["a", "b"], Fetch(client, "t", 0));
        Assert.Equal(["c"], Fetch(client, "t", 2));
    }

    internal static ProduceResponse.PartitionProduceResponse Produce(WireClient client, string topic, short acks, params string[] values) =>
        client.Call<ProduceResponse>(ProduceRequest(topic, acks, values), 9).Responses[0].PartitionResponses[0];

    internal static ProduceRequest ProduceRequest(string topic, short acks, params string[] values)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Append(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
        }

        return ProduceRequest(topic, acks, builder.Build().ToArray());
    }

    internal static ProduceRequest ProduceRequest(string topic, short acks, ReadOnlyMemory<byte> batch) => new()
    {
        Acks = acks,
        TimeoutMs = 5000,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = new RecordsPayload(batch) }] }],
    };

    internal static List<string> Fetch(WireClient client, string topic, long offset) =>
        Values(client.Call<FetchResponse>(FetchRequest(topic, offset, 1000), 12));

    internal static FetchRequest FetchRequest(string topic, long offset, int maxWaitMs) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = 1 << 20,
        Topics = [new() { Topic = topic, Partitions = [new() { Partition = 0, FetchOffset = new Offset(offset), PartitionMaxBytes = 1 << 20 }] }],
    };

    internal static List<string> Values(FetchResponse response)
    {
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        var partition = response.Responses[0].Partitions[0];
        Assert.Equal(ErrorCode.None, partition.ErrorCode);
        var values = new List<string>();
        foreach (var batch in RecordBatch.Enumerate(partition.Records.Memory))
        {
            foreach (var record in RecordBatch.Records(batch.Bytes, 1 << 20))
            {
                values.Add(Encoding.UTF8.GetString(record.Value));
            }
        }

        return values;
    }
}
