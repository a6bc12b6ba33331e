using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ListOffsetsTests
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;

    [Theory]
    [InlineData(Latest, 1, ErrorCode.None, 3)]
    [InlineData(Earliest, 1, ErrorCode.None, 1)]
    [InlineData(MaxTimestamp, 7, ErrorCode.None, 2)]
    [InlineData(MaxTimestamp, 6, ErrorCode.UnsupportedVersion, -1)]
    [InlineData(EarliestLocal, 8, ErrorCode.None, 1)]
    [InlineData(EarliestLocal, 7, ErrorCode.UnsupportedVersion, -1)]
    [InlineData(LatestTiered, 9, ErrorCode.None, -1)]
    [InlineData(LatestTiered, 8, ErrorCode.UnsupportedVersion, -1)]
    [InlineData(EarliestPendingUpload, 11, ErrorCode.None, -1)]
    [InlineData(EarliestPendingUpload, 10, ErrorCode.UnsupportedVersion, -1)]
    [InlineData(-7, 11, ErrorCode.UnsupportedVersion, -1)]
    [InlineData(0, 11, ErrorCode.None, 1)]
    [InlineData(long.MaxValue, 11, ErrorCode.None, -1)]
    public async Task Special_timestamps_mean_what_their_version_says(long timestamp, short version, ErrorCode error, long offset)
    {
        await using var broker = await TestBroker.StartAsync("log.message.timestamp.type=LogAppendTime");
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b");
        await broker.ProduceAsync("t", 0, "c");
        await broker.CallAsync<DeleteRecordsResponse>(new DeleteRecordsRequest { Topics = [new() { Name = "t", Partitions = [new() { Offset = new Offset(1) }] }] });
        var found = await ListAsync(broker, "t", timestamp, version);
        if (timestamp == MaxTimestamp && error == ErrorCode.None)
        {
            // Two appends may fall into the same millisecond; the first of them is the answer then.
            Assert.InRange(found.Offset.Value, 0, offset);
            return;
        }

        Assert.Equal((error, offset), (found.ErrorCode, found.Offset.Value));
    }

    [Fact]
    public async Task A_partition_that_is_not_here_is_unknown()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await ListAsync(broker, "none", Latest, 9)).ErrorCode);
    }

    private static async Task<ListOffsetsResponse.ListOffsetsPartitionResponse> ListAsync(TestBroker broker, string topic, long timestamp, short version) =>
        (await broker.CallAsync<ListOffsetsResponse>(new ListOffsetsRequest { Topics = [new() { Name = topic, Partitions = [new() { Timestamp = timestamp }] }] }, version))
            .Topics[0].Partitions[0];
}
