using System.Text;
using Confluent.Kafka;

namespace Samsa.Interop.Tests.Confluent;

/// <summary>What a librdkafka producer sends, a librdkafka consumer gets: bytes, order, keys, headers, times.</summary>
public sealed class ProduceConsumeTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const long FirstTimestamp = 1_700_000_000_000;

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Every_codec_arrives_unchanged(CompressionType codec)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        using var producer = KafkaClients.Producer(Bootstrap, c => (c.CompressionType, c.LingerMs) = (codec, 20));
        var sent = Enumerable.Range(0, 2000).Select(i => Text($"record {i} of a text that compresses well, well, well, well")).ToArray();
        var reports = producer.SendAll(topic, sent);

        var read = KafkaClients.ReadAll(Bootstrap, topic, 1)[0];

        Assert.All(reports, (r, i) => Assert.Equal((ErrorCode.NoError, i), (r.Error.Code, r.Offset.Value)));
        Assert.Equal(sent.Select(m => m.Value), read.Select(r => r.Message.Value));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    [InlineData("uncompressed")]
    public async Task A_topic_with_its_own_codec_is_readable(string codec)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["compression.type"] = codec });
        using var producer = KafkaClients.Producer(Bootstrap, c => c.CompressionType = CompressionType.Lz4);
        var sent = Enumerable.Range(0, 500).Select(i => Text($"record {i} {new string('x', 200)}")).ToArray();
        producer.SendAll(topic, sent);

        var read = KafkaClients.ReadAll(Bootstrap, topic, 1)[0];

        Assert.Equal(sent.Select(m => m.Value), read.Select(r => r.Message.Value));
    }

    [Fact]
    public async Task Keys_headers_nulls_and_times_arrive_unchanged()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        Message<byte[]?, byte[]?>[] sent =
        [
            new() { Key = "k"u8.ToArray(), Value = "v"u8.ToArray(), Timestamp = new Timestamp(FirstTimestamp, TimestampType.CreateTime) },
            new() { Key = null, Value = "no key"u8.ToArray() },
            new() { Key = "tombstone"u8.ToArray(), Value = null },
            new() { Key = [], Value = [] },
            new()
            {
                Value = "headers"u8.ToArray(),
                Headers = [new Header("a", "1"u8.ToArray()), new Header("a", "2"u8.ToArray()), new Header("null", null), new Header("empty", []), new Header("ü", [0, 255])],
            },
        ];
        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, sent);

        var read = KafkaClients.ReadAll(Bootstrap, topic, 1)[0];

        Assert.Equal(sent.Select(m => m.Key), read.Select(r => r.Message.Key));
        Assert.Equal(sent.Select(m => m.Value), read.Select(r => r.Message.Value));
        Assert.Equal(FirstTimestamp, read[0].Message.Timestamp.UnixTimestampMs);
        Assert.Equal(TimestampType.CreateTime, read[0].Message.Timestamp.Type);
        Assert.Equal(
            sent[4].Headers.Select(h => (h.Key, Hex(h.GetValueBytes()))),
            read[4].Message.Headers.Select(h => (h.Key, Hex(h.GetValueBytes()))));
    }

    [Fact]
    public async Task Five_megabytes_of_binary_values_arrive_unchanged()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["max.message.bytes"] = "8000000" });
        var random = new Random(5);
        // Fifty values of 100 KB, then one of 5 MB.
        var sent = Enumerable.Repeat(100_000, 50).Append(5_000_000)
            .Select(size => new Message<byte[]?, byte[]?> { Value = Bytes(random, size) }).ToArray();
        using var producer = KafkaClients.Producer(Bootstrap, c => c.MessageMaxBytes = 8_000_000);
        producer.SendAll(topic, sent);

        // A partition fetch limit below the largest batch: it comes all the same (KIP-74).
        var read = KafkaClients.ReadAll(Bootstrap, topic, 1, c => (c.MaxPartitionFetchBytes, c.FetchMaxBytes) = (500_000, 6_000_000))[0];

        Assert.Equal(sent.Length, read.Count);
        Assert.All(sent.Zip(read), pair => Assert.True(pair.First.Value.AsSpan().SequenceEqual(pair.Second.Message.Value)));
    }

    [Fact]
    public async Task A_hundred_thousand_acknowledged_records_are_read_once_and_in_order()
    {
        const int partitions = 4;
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, partitions);
        var sent = Enumerable.Range(0, 100_000).Select(i => new Message<byte[]?, byte[]?> { Key = BitConverter.GetBytes(i % 97), Value = BitConverter.GetBytes(i) }).ToArray();
        using var producer = KafkaClients.Producer(Bootstrap);
        var reports = producer.SendAll(topic, sent, i => i % partitions);

        var read = KafkaClients.ReadAll(Bootstrap, topic, partitions);

        Assert.All(reports, r => Assert.Equal(ErrorCode.NoError, r.Error.Code));
        for (int p = 0; p < partitions; p++)
        {
            Assert.Equal(reports.Where((_, i) => i % partitions == p).Select(r => r.Offset.Value), read[p].Select(r => r.Offset.Value));
            Assert.Equal(Enumerable.Range(0, 25_000).Select(n => n * partitions + p), read[p].Select(r => BitConverter.ToInt32(r.Message.Value!)));
        }
    }

    [Fact]
    public async Task An_idempotent_producer_writes_each_record_once()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, 3);
        var sent = Enumerable.Range(0, 30_000).Select(i => new Message<byte[]?, byte[]?> { Value = BitConverter.GetBytes(i) }).ToArray();
        // Small batches, so that many are in flight.
        using var producer = KafkaClients.Producer(Bootstrap, c => (c.EnableIdempotence, c.BatchNumMessages, c.LingerMs) = (true, 50, 0));
        var reports = producer.SendAll(topic, sent, i => i % 3);

        var read = KafkaClients.ReadAll(Bootstrap, topic, 3);

        Assert.All(reports, r => Assert.Equal(PersistenceStatus.Persisted, r.Status));
        Assert.All(read, (records, p) =>
            Assert.Equal(Enumerable.Range(0, 10_000).Select(n => n * 3 + p), records.Select(r => BitConverter.ToInt32(r.Message.Value!))));
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Every_kind_of_acknowledgement_works(Acks acks)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        var sent = Enumerable.Range(0, 1000).Select(i => Text($"{i}")).ToArray();
        using var producer = KafkaClients.Producer(Bootstrap, c => c.Acks = acks);
        var reports = producer.SendAll(topic, sent);
        using var consumer = KafkaClients.Consumer(Bootstrap);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));

        // Without acknowledgement nobody says when the records are there: wait for them.
        var read = new List<byte[]?>();
        DateTime until = DateTime.UtcNow + KafkaClients.Deadline;
        while (read.Count < sent.Length && DateTime.UtcNow < until)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is { IsPartitionEOF: false } record)
            {
                read.Add(record.Message.Value);
            }
        }

        Assert.Equal(sent.Select(m => m.Value), read);
        Assert.All(reports, r => Assert.False(r.Error.IsError));
    }

    [Fact]
    public void Producing_to_a_missing_topic_creates_it()
    {
        string topic = TopicName();
        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, [Text("first")]);

        var read = KafkaClients.ReadAll(Bootstrap, topic, 1)[0];

        Assert.Equal("first"u8, Assert.Single(read).Message.Value!);
    }

    [Fact]
    public async Task A_record_beyond_the_topics_limit_is_refused_and_the_others_are_not()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["max.message.bytes"] = "10000" });
        using var producer = KafkaClients.Producer(Bootstrap, c => c.BatchNumMessages = 1);

        var reports = producer.SendAll(topic, [Text("small"), Text(new string('x', 20_000)), Text("small too")]);

        Assert.Equal([ErrorCode.NoError, ErrorCode.MsgSizeTooLarge, ErrorCode.NoError], reports.Select(r => r.Error.Code));
        Assert.Equal(2, KafkaClients.ReadAll(Bootstrap, topic, 1)[0].Count);
    }

    [Fact]
    public async Task Append_time_replaces_the_producers_time()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, configs: new() { ["message.timestamp.type"] = "LogAppendTime" });
        using var producer = KafkaClients.Producer(Bootstrap);
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        producer.SendAll(topic, [new() { Value = [1], Timestamp = new Timestamp(FirstTimestamp, TimestampType.CreateTime) }]);
        long after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var record = Assert.Single(KafkaClients.ReadAll(Bootstrap, topic, 1)[0]);

        Assert.Equal(TimestampType.LogAppendTime, record.Message.Timestamp.Type);
        Assert.InRange(record.Message.Timestamp.UnixTimestampMs, before, after);
    }

    [Fact]
    public async Task A_waiting_consumer_gets_a_new_record_at_once()
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        using var producer = KafkaClients.Producer(Bootstrap, c => c.LingerMs = 0);
        // The fetch may wait 20 s; only the record can end it sooner.
        using var consumer = KafkaClients.Consumer(Bootstrap, c => c.FetchWaitMaxMs = 20_000);
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        Assert.True(consumer.Consume(KafkaClients.Deadline).IsPartitionEOF);

        producer.SendAll(topic, [Text("news")]);
        var record = consumer.Consume(TimeSpan.FromSeconds(10));

        Assert.Equal("news"u8, record?.Message.Value ?? []);
    }

    private static Message<byte[]?, byte[]?> Text(string value) => new() { Value = Encoding.UTF8.GetBytes(value) };

    private static string? Hex(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(bytes);

    private static byte[] Bytes(Random random, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }
}
