using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Interop.Tests.Confluent;

/// <summary>Positions in a partition: by time, by watermark, outside the log.</summary>
public sealed class OffsetTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const long FirstTimestamp = 1_700_000_000_000;
    private const int Records = 1000;

    [Fact]
    public async Task An_offset_is_found_by_time()
    {
        string topic = await TopicWithRecordsASecondApartAsync(TopicName());
        using var consumer = KafkaClients.Consumer(Bootstrap);

        Assert.Equal(500, OffsetAt(FirstTimestamp + 500_000));
        Assert.Equal(501, OffsetAt(FirstTimestamp + 500_001));
        Assert.Equal(0, OffsetAt(0));
        Assert.Equal(Offset.End.Value, OffsetAt(FirstTimestamp + Records * 1000));

        long OffsetAt(long time) =>
            consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(time, TimestampType.CreateTime))], KafkaClients.Deadline)
                .Single().Offset.Value;
    }

    [Fact]
    public async Task A_consumer_that_seeks_by_time_reads_from_there()
    {
        string topic = await TopicWithRecordsASecondApartAsync(TopicName());
        using var consumer = KafkaClients.Consumer(Bootstrap);
        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(FirstTimestamp + 990_000, TimestampType.CreateTime))], KafkaClients.Deadline);
        consumer.Assign(found);

        var values = new List<int>();
        while (consumer.Consume(KafkaClients.Deadline) is { IsPartitionEOF: false } record)
        {
            values.Add(BitConverter.ToInt32(record.Message.Value!));
        }

        Assert.Equal(Enumerable.Range(990, 10), values);
    }

    [Fact]
    public async Task Watermarks_tell_where_the_log_begins_and_ends()
    {
        string topic = await TopicWithRecordsASecondApartAsync(TopicName());
        using var consumer = KafkaClients.Consumer(Bootstrap);

        var watermarks = consumer.QueryWatermarkOffsets(new TopicPartition(topic, 0), KafkaClients.Deadline);

        Assert.Equal((0, Records), (watermarks.Low.Value, watermarks.High.Value));
    }

    [Fact]
    public async Task The_admin_client_lists_offsets()
    {
        string topic = await TopicWithRecordsASecondApartAsync(TopicName());
        using var admin = KafkaClients.Admin(Bootstrap);

        Assert.Equal(0, await OffsetAsync(OffsetSpec.Earliest()));
        Assert.Equal(Records, await OffsetAsync(OffsetSpec.Latest()));
        Assert.Equal(Records - 1, await OffsetAsync(OffsetSpec.MaxTimestamp()));
        Assert.Equal(10, await OffsetAsync(OffsetSpec.ForTimestamp(FirstTimestamp + 9_001)));

        async Task<long> OffsetAsync(OffsetSpec spec)
        {
            var result = await admin.ListOffsetsAsync([new() { TopicPartition = new(topic, 0), OffsetSpec = spec }]);
            return result.ResultInfos.Single().TopicPartitionOffsetError.Offset.Value;
        }
    }

    [Fact]
    public async Task Reading_beyond_the_end_is_an_error_that_the_consumer_sees()
    {
        string topic = await TopicWithRecordsASecondApartAsync(TopicName());
        using var consumer = KafkaClients.Consumer(Bootstrap);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Records + 5));

        var failure = Assert.Throws<ConsumeException>(() => consumer.Consume(KafkaClients.Deadline));

        Assert.Equal(ErrorCode.Local_AutoOffsetReset, failure.Error.Code);
    }

    private async Task<string> TopicWithRecordsASecondApartAsync(string topic)
    {
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        // Batches of 64 records: a lookup has to find the place inside a batch too.
        using var producer = KafkaClients.Producer(Bootstrap, c => (c.BatchNumMessages, c.LingerMs) = (64, 20));
        producer.SendAll(topic, [.. Enumerable.Range(0, Records).Select(i => new Message<byte[]?, byte[]?>
        {
            Value = BitConverter.GetBytes(i),
            Timestamp = new Timestamp(FirstTimestamp + i * 1000, TimestampType.CreateTime),
        })]);
        return topic;
    }
}
