using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Broker.Tests.Apis;

public sealed class ProduceTests
{
    [Fact]
    public async Task Records_get_the_next_offsets()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal((ErrorCode.None, 0), await ProduceAsync(broker, "t"));
        Assert.Equal((ErrorCode.None, 2), await ProduceAsync(broker, "t"));
    }

    [Fact]
    public async Task A_batch_sent_twice_is_stored_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        Assert.Equal((ErrorCode.None, 0), await ProduceAsync(broker, "t", sequence: 0));
        Assert.Equal((ErrorCode.None, 0), await ProduceAsync(broker, "t", sequence: 0));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await ProduceAsync(broker, "t", sequence: 7)).Error);
        Assert.Equal(2, broker.LogOf("t").LogEndOffset.Value);
    }

    [Theory]
    [InlineData("none", 1, "test", ErrorCode.UnknownTopicOrPartition)]
    [InlineData("t", 2, "test", ErrorCode.InvalidRequiredAcks)]
    [InlineData("__consumer_offsets", 1, "test", ErrorCode.InvalidTopicException)]
    [InlineData("__consumer_offsets", 1, "__admin_client", ErrorCode.None)]
    public async Task What_may_not_be_written_is_refused(string topic, short acks, string clientId, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.CreateTopicAsync("__consumer_offsets");
        Assert.Equal(error, (await ProduceAsync(broker, topic, acks: acks, clientId: clientId)).Error);
    }

    private static async Task<(ErrorCode Error, long Offset)> ProduceAsync(TestBroker broker, string topic, int sequence = -1, short acks = 1, string clientId = "test")
    {
        using var batch = new RecordBatchBuilder();
        if (sequence >= 0)
        {
            (batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence) = (new ProducerId(7), 0, sequence);
        }

        batch.Append(1_700_000_000_000, null, [1]);
        batch.Append(1_700_000_000_000, null, [2]);
        var request = new ProduceRequest
        {
            Acks = acks, TopicData = [new() { Name = topic, PartitionData = [new() { Records = new(batch.Build().ToArray()) }] }],
        };
        var answer = (await broker.CallAsync<ProduceResponse>(request, 12, clientId)).Responses[0].PartitionResponses[0];
        return (answer.ErrorCode, answer.BaseOffset.Value);
    }
}
