using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Clients;

/// <summary>A key lies where its client's partitioner says, so that applications in several languages meet.</summary>
public sealed class PartitionerTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const int Partitions = 7;

    private static readonly byte[][] Keys = [.. Enumerable.Range(0, 200).Select(i => Encoding.UTF8.GetBytes($"customer-{i * i}{new string('x', i % 5)}"))];

    [Theory]
    [InlineData(ClientKind.KafkaPython, "default")]
    [InlineData(ClientKind.KafkaJs, "default")]
    [InlineData(ClientKind.ConfluentPython, "murmur2_random")]
    [InlineData(ClientKind.ConfluentPython, "consistent_random")]
    public async Task A_key_lies_where_the_client_says(ClientKind writer, string partitioner)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, Partitions);

        await ClientProcess.RunAsync(writer, "produce", new JsonObject
        {
            ["bootstrap"] = Bootstrap,
            ["topic"] = topic,
            ["partitioner"] = partitioner,
            ["records"] = new JsonArray([.. Keys.Select(key => new ClientRecord(key, key).ToJson())]),
        });

        AssertPlaced(topic, partitioner == "consistent_random");
    }

    [Theory]
    [InlineData(Partitioner.Murmur2Random)]
    [InlineData(Partitioner.ConsistentRandom)]
    public async Task A_key_lies_where_librdkafka_says(Partitioner partitioner)
    {
        string topic = TopicName();
        await KafkaClients.CreateTopicAsync(Bootstrap, topic, Partitions);
        using var producer = KafkaClients.Producer(Bootstrap, c => c.Partitioner = partitioner);

        producer.SendAll(topic, [.. Keys.Select(key => new Message<byte[]?, byte[]?> { Key = key, Value = key })], _ => Partition.Any.Value);

        AssertPlaced(topic, partitioner == Partitioner.ConsistentRandom);
    }

    private void AssertPlaced(string topic, bool isCrc32)
    {
        var read = KafkaClients.ReadAll(Bootstrap, topic, Partitions);
        Assert.Equal(Keys.Length, read.Sum(r => r.Count));
        Assert.All(read.SelectMany(r => r), r =>
            Assert.Equal(isCrc32 ? Partitioners.Crc32(r.Message.Key, Partitions) : Partitioners.Murmur2(r.Message.Key, Partitions), r.Partition.Value));
    }
}
