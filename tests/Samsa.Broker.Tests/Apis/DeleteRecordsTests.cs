using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DeleteRecordsTests
{
    [Theory]
    [InlineData(2, ErrorCode.None, 2)]
    [InlineData(-1, ErrorCode.None, 3)]
    [InlineData(4, ErrorCode.OffsetOutOfRange, -1)]
    [InlineData(-2, ErrorCode.OffsetOutOfRange, -1)]
    public async Task The_log_begins_where_it_was_told_to(long offset, ErrorCode error, long lowWatermark)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b", "c");
        Assert.Equal((error, lowWatermark), await DeleteAsync(broker, "t", offset));
        Assert.Equal(Math.Max(0, lowWatermark), broker.LogOf("t").LogStartOffset.Value);
    }

    [Fact]
    public async Task What_was_deleted_before_stays_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b", "c");
        await DeleteAsync(broker, "t", 2);
        Assert.Equal((ErrorCode.None, 2), await DeleteAsync(broker, "t", 1));
    }

    [Fact]
    public async Task A_crash_right_after_the_answer_brings_nothing_back()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b", "c");
        await DeleteAsync(broker, "t", 2);
        await broker.CrashAsync();
        Assert.Equal(2, broker.LogOf("t").LogStartOffset.Value);
    }

    [Theory]
    [InlineData("compact", ErrorCode.PolicyViolation)]
    [InlineData("compact,delete", ErrorCode.None)]
    public async Task Records_of_a_table_are_not_deleted(string policy, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 1, ("cleanup.policy", policy));
        Assert.Equal(error, (await DeleteAsync(broker, "t", 0)).Error);
    }

    [Theory]
    [InlineData("none", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("__consumer_offsets", ErrorCode.InvalidTopicException)]
    public async Task Other_topics_are_refused(string topic, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal((error, -1), await DeleteAsync(broker, topic, 0));
    }

    private static async Task<(ErrorCode Error, long LowWatermark)> DeleteAsync(TestBroker broker, string topic, long offset)
    {
        var request = new DeleteRecordsRequest { Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, Offset = new Offset(offset) }] }] };
        var answer = (await broker.CallAsync<DeleteRecordsResponse>(request)).Topics[0].Partitions[0];
        return (answer.ErrorCode, answer.LowWatermark.Value);
    }
}
