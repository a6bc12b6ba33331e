using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Interop.Tests.Confluent;

/// <summary>librdkafka clients with deadlines short enough for tests.</summary>
internal static class KafkaClients
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static IProducer<byte[]?, byte[]?> Producer(string bootstrap, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, MessageTimeoutMs = 30_000, Acks = Acks.All };
        configure?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler(Ignore).Build();
    }

    public static IConsumer<byte[]?, byte[]?> Consumer(string bootstrap, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "unused",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Error,
            FetchWaitMaxMs = 100,
            AllowAutoCreateTopics = false,
            CheckCrcs = true,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler(Ignore).Build();
    }

    public static IAdminClient Admin(string bootstrap) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).SetLogHandler(Ignore).Build();

    public static async Task CreateTopicAsync(string bootstrap, string topic, int partitions = 1, Dictionary<string, string>? configs = null, short replicas = 1)
    {
        using IAdminClient admin = Admin(bootstrap);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas, Configs = configs }]);
    }

    /// <summary>Every record of every partition, from the beginning to the end as it is now; partition by partition in order of offset.</summary>
    public static List<ConsumeResult<byte[]?, byte[]?>>[] ReadAll(string bootstrap, string topic, int partitions, Action<ConsumerConfig>? configure = null)
    {
        using IConsumer<byte[]?, byte[]?> consumer = Consumer(bootstrap, configure);
        var read = Enumerable.Range(0, partitions).Select(_ => new List<ConsumeResult<byte[]?, byte[]?>>()).ToArray();
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        DateTime until = DateTime.UtcNow + TimeSpan.FromSeconds(60);
        var ended = new HashSet<int>();
        while (ended.Count < partitions)
        {
            ConsumeResult<byte[]?, byte[]?>? result = consumer.Consume(TimeSpan.FromSeconds(1));
            Assert.True(DateTime.UtcNow < until, $"read {read.Sum(r => r.Count)} records of {topic}, then {partitions - ended.Count} partitions went silent");
            if (result is null)
            {
                continue;
            }

            if (result.IsPartitionEOF)
            {
                ended.Add(result.Partition.Value);
            }
            else
            {
                read[result.Partition.Value].Add(result);
            }
        }

        return read;
    }

    /// <summary>Sends all, waits for all, and returns the delivery reports in order of sending.</summary>
    public static DeliveryReport<byte[]?, byte[]?>[] SendAll(
        this IProducer<byte[]?, byte[]?> producer, string topic, IReadOnlyList<Message<byte[]?, byte[]?>> messages, Func<int, int>? partitionOf = null)
    {
        var reports = new DeliveryReport<byte[]?, byte[]?>[messages.Count];
        using var outstanding = new CountdownEvent(messages.Count);
        using var room = new SemaphoreSlim(20_000);
        for (int i = 0; i < messages.Count; i++)
        {
            int index = i;
            Assert.True(room.Wait(Deadline), "no delivery report came");
            producer.Produce(new TopicPartition(topic, partitionOf?.Invoke(i) ?? 0), messages[i], report =>
            {
                reports[index] = report;
                room.Release();
                outstanding.Signal();
            });
        }

        Assert.True(outstanding.Wait(Deadline), $"{outstanding.CurrentCount} of {messages.Count} delivery reports are missing");
        return reports;
    }

    private static void Ignore(IClient client, LogMessage message)
    {
    }
}
