using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Clients;

/// <summary>What one client writes, the others read: codecs, keys, nulls, headers, times.</summary>
public sealed class ClientRoundTripTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const long FirstTimestamp = 1_700_000_000_000;
    private const int Count = 300;

    [Theory]
    [InlineData(ClientKind.KafkaPython, "none")]
    [InlineData(ClientKind.KafkaPython, "gzip")]
    [InlineData(ClientKind.KafkaPython, "snappy")]
    [InlineData(ClientKind.KafkaPython, "lz4")]
    [InlineData(ClientKind.KafkaPython, "zstd")]
    [InlineData(ClientKind.ConfluentPython, "none")]
    [InlineData(ClientKind.ConfluentPython, "gzip")]
    [InlineData(ClientKind.ConfluentPython, "snappy")]
    [InlineData(ClientKind.ConfluentPython, "lz4")]
    [InlineData(ClientKind.ConfluentPython, "zstd")]
    [InlineData(ClientKind.KafkaJs, "none")]
    [InlineData(ClientKind.KafkaJs, "gzip")]
    [InlineData(ClientKind.KafkaJs, "snappy")]
    public async Task What_a_client_sends_another_reads(ClientKind writer, string codec)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        ClientRecord[] sent = Samples(writer);

        await ClientProcess.RunAsync(writer, "produce", new JsonObject { ["bootstrap"] = Bootstrap, ["topic"] = topic, ["codec"] = codec, ["records"] = ToJson(sent) });

        ClientRecord[] read = [.. KafkaClients.ReadAll(Bootstrap, topic, 1)[0].Select(FromConfluent)];
        Assert.Equal(sent.Select(r => r.Content), read.Select(r => r.Content));
        Assert.Equal(sent.Select(r => r.Timestamp), read.Select(r => r.Timestamp));
        Assert.Equal(Enumerable.Range(0, sent.Length), read.Select(r => (int)r.Offset));
        ClientKind reader = writer == ClientKind.KafkaPython ? ClientKind.ConfluentPython : ClientKind.KafkaPython;
        List<ClientEvent> events = await ClientProcess.RunAsync(reader, "read", new JsonObject { ["bootstrap"] = Bootstrap, ["topic"] = topic, ["partitions"] = 1 });
        Assert.Equal(sent.Select(r => r.Content), events.Select(e => e.Record().Content));
    }

    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.ConfluentPython)]
    public async Task A_client_reads_every_codec_that_librdkafka_writes(ClientKind reader)
    {
        CompressionType[] codecs = [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, codecs.Length);
        ClientRecord[] sent = Samples(reader);
        for (int p = 0; p < codecs.Length; p++)
        {
            using var producer = KafkaClients.Producer(Bootstrap, c => (c.CompressionType, c.LingerMs) = (codecs[p], 20));
            producer.SendAll(topic, [.. sent.Select(ToConfluent)], _ => p);
        }

        List<ClientEvent> events = await ClientProcess.RunAsync(reader, "read", new JsonObject { ["bootstrap"] = Bootstrap, ["topic"] = topic, ["partitions"] = codecs.Length });

        for (int p = 0; p < codecs.Length; p++)
        {
            ClientRecord[] read = [.. events.Select(e => e.Record()).Where(r => r.Partition == p)];
            Assert.Equal(sent.Select(r => r.Content), read.Select(r => r.Content));
            Assert.Equal(sent.Select(r => r.Timestamp), read.Select(r => r.Timestamp));
        }
    }

    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.ConfluentPython)]
    public async Task A_client_that_seeks_by_time_reads_from_there(ClientKind reader)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic);
        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll(topic, [.. Samples(reader).Select(ToConfluent)]);

        List<ClientEvent> events = await ClientProcess.RunAsync(reader, "read", new JsonObject
        {
            ["bootstrap"] = Bootstrap,
            ["topic"] = topic,
            ["partitions"] = 1,
            ["since"] = FirstTimestamp + 250_000 - 500,
        });

        Assert.Equal(Enumerable.Range(250, Count - 250), events.Select(e => (int)e.Record().Offset));
    }

    private static JsonArray ToJson(ClientRecord[] records) => new([.. records.Select(r => r.ToJson())]);

    /// <summary>Keys, no keys, empty keys, tombstones, headers twice under one name, bytes that are no text.</summary>
    private static ClientRecord[] Samples(ClientKind writer) => [.. Enumerable.Range(0, Count).Select(i => Sample(i) with
    {
        Partition = 0,
        Timestamp = FirstTimestamp + i * 1000,
        // Of the three only librdkafka can send a header without a value.
        Headers = writer != ClientKind.ConfluentPython && i % 7 == 5 ? [("n", Utf8(i)), ("n", [0, 255])] : Sample(i).Headers,
    })];

    private static ClientRecord Sample(int i) => (i % 7) switch
    {
        0 => new(null, Utf8(i)),
        1 => new([], []),
        2 => new(Utf8(i), null),
        3 => new([0xff, 0x00, 0x80], [.. Enumerable.Range(0, 256).Select(b => (byte)b)]),
        4 => new(Utf8(i), Utf8(i)) { Headers = [("trace", "abc"u8.ToArray()), ("ü", [])] },
        5 => new(null, Utf8(i)) { Headers = [("n", Utf8(i)), ("n", [0, 255]), ("nothing", null)] },
        _ => new(Utf8(i), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("well, ", i)))),
    };

    private static byte[] Utf8(int i) => Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture));

    private static ClientRecord FromConfluent(ConsumeResult<byte[]?, byte[]?> r) => new(r.Message.Key, r.Message.Value)
    {
        Offset = r.Offset.Value,
        Timestamp = r.Message.Timestamp.UnixTimestampMs,
        Headers = [.. r.Message.Headers.Select(h => (h.Key, h.GetValueBytes()))],
    };

    private static Message<byte[]?, byte[]?> ToConfluent(ClientRecord record)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.Key,
            Value = record.Value,
            Headers = [],
            Timestamp = new Timestamp(record.Timestamp!.Value, TimestampType.CreateTime),
        };
        foreach ((string name, byte[]? value) in record.Headers)
        {
            message.Headers.Add(name, value);
        }

        return message;
    }
}
