using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class FetchTests
{
    [Fact]
    public async Task Records_are_read_from_where_they_are_asked()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b");
        var all = await FetchAsync(broker, "t", 0);
        var last = await FetchAsync(broker, "t", 1);
        Assert.Equal((ErrorCode.None, 2), (all.ErrorCode, all.HighWatermark.Value));
        Assert.Equal(all.Records.Memory.Length, 2 * last.Records.Memory.Length);
    }

    [Theory]
    [InlineData("t", 2, ErrorCode.None)]
    [InlineData("t", 3, ErrorCode.OffsetOutOfRange)]
    [InlineData("t", 0, ErrorCode.OffsetOutOfRange)]
    [InlineData("none", 0, ErrorCode.UnknownTopicOrPartition)]
    public async Task Outside_of_the_log_there_is_nothing(string topic, long offset, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b");
        await broker.CallAsync<DeleteRecordsResponse>(new DeleteRecordsRequest { Topics = [new() { Name = "t", Partitions = [new() { Offset = new Offset(1) }] }] });
        Assert.Equal(error, (await FetchAsync(broker, topic, offset)).ErrorCode);
    }

    private static async Task<FetchResponse.PartitionData> FetchAsync(TestBroker broker, string topic, long offset)
    {
        var request = new FetchRequest
        {
            MaxWaitMs = 0, MaxBytes = 1 << 20, Topics = [new() { Topic = topic, Partitions = [new() { FetchOffset = new Offset(offset), PartitionMaxBytes = 1 << 20 }] }],
        };
        return (await broker.CallAsync<FetchResponse>(request, 12)).Responses[0].Partitions[0];
    }
}
