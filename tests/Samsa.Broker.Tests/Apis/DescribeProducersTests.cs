using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeProducersTests
{
    [Fact]
    public async Task A_partition_tells_of_the_producers_it_remembers()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        using var batch = new RecordBatchBuilder { ProducerId = new ProducerId(7), ProducerEpoch = 3, BaseSequence = 0 };
        batch.Append(1_700_000_000_000, null, [1]);
        batch.Append(1_700_000_000_005, null, [2]);
        var request = new ProduceRequest
        {
            Acks = 1, TopicData = [new() { Name = "t", PartitionData = [new() { Records = new(batch.Build().ToArray()) }] }],
        };
        await broker.CallAsync<ProduceResponse>(request, 12);
        var producer = Assert.Single((await DescribeAsync(broker, "t", 0)).ActiveProducers);
        Assert.Equal(
            (7, 3, 1, 1_700_000_000_005, -1, -1),
            (producer.ProducerId.Value, producer.ProducerEpoch, producer.LastSequence, producer.LastTimestamp, producer.CoordinatorEpoch, producer.CurrentTxnStartOffset.Value));
    }

    [Theory]
    [InlineData("t", 9, ErrorCode.UnknownTopicOrPartition)]
    [InlineData("none", 0, ErrorCode.UnknownTopicOrPartition)]
    [InlineData("a b", 0, ErrorCode.InvalidTopicException)]
    [InlineData("t", 0, ErrorCode.None)]
    public async Task Partitions_that_are_not_here_are_refused(string topic, int partition, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal(error, (await DescribeAsync(broker, topic, partition)).ErrorCode);
    }

    private static async Task<DescribeProducersResponse.PartitionResponse> DescribeAsync(TestBroker broker, string topic, int partition) =>
        (await broker.CallAsync<DescribeProducersResponse>(new DescribeProducersRequest { Topics = [new() { Name = topic, PartitionIndexes = [partition] }] }))
            .Topics[0].Partitions[0];
}
