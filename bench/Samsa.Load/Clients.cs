using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Load;

/// <summary>librdkafka clients as the runs need them.</summary>
internal static class Clients
{
    private const string WantedVersion = "2.16";

    private static readonly ConcurrentDictionary<ErrorCode, bool> ErrorsShown = new();

    /// <summary>An older system librdkafka is loaded silently when the packaged one fails to load; figures from it would mislead.</summary>
    public static void RequireCurrentLibrdkafka()
    {
        if (!Library.VersionString.StartsWith(WantedVersion, StringComparison.Ordinal))
        {
            throw new LoadException($"librdkafka {Library.VersionString} was loaded, {WantedVersion} is wanted (see bench/Librdkafka.targets).");
        }
    }

    public static IProducer<byte[]?, byte[]?> Producer(LoadOptions options, double defaultLingerMs)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = options.Bootstrap,
            Acks = options.Acks switch { "0" => Confluent.Kafka.Acks.None, "1" => Confluent.Kafka.Acks.Leader, _ => Confluent.Kafka.Acks.All },
            LingerMs = options.LingerMs >= 0 ? options.LingerMs : defaultLingerMs,
            BatchSize = options.BatchBytes,
            BatchNumMessages = 1_000_000,
            MessageMaxBytes = Math.Max(1_000_000, options.Size + 512),
            QueueBufferingMaxKbytes = options.BufferMegabytes * 1024,
            QueueBufferingMaxMessages = 1_000_000,
            CompressionType = Enum.Parse<CompressionType>(options.Codec, ignoreCase: true),
            EnableIdempotence = options.Idempotent,
            // Topic, partition, offset and error still arrive; copying key and value back would only cost.
            DeliveryReportFields = "none",
            SocketNagleDisable = true,
        };
        Apply(config, options);
        return new ProducerBuilder<byte[]?, byte[]?>(config).SetErrorHandler(OnError).SetLogHandler(Ignore).Build();
    }

    public static IConsumer<Ignore, byte[]> Consumer(LoadOptions options, int fetchWaitMaxMs = 500)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = options.Bootstrap,
            GroupId = "samsa-load",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            MaxPartitionFetchBytes = options.FetchBytes,
            FetchMaxBytes = Math.Max(50 << 20, options.FetchBytes),
            FetchWaitMaxMs = fetchWaitMaxMs,
            QueuedMinMessages = 1_000_000,
            QueuedMaxMessagesKbytes = 64 * 1024,
            SocketNagleDisable = true,
        };
        Apply(config, options);
        return new ConsumerBuilder<Ignore, byte[]>(config).SetErrorHandler(OnError).SetLogHandler(Ignore).Build();
    }

    /// <summary>A member of a group that is told of its partitions, and commits only when told to.</summary>
    public static IConsumer<Ignore, byte[]> Member(
        LoadOptions options, string group, Action<IEnumerable<TopicPartition>>? assigned = null, Action<IEnumerable<TopicPartition>>? revoked = null)
    {
        var config = new ConsumerConfig { BootstrapServers = options.Bootstrap, GroupId = group, EnableAutoCommit = false, SocketNagleDisable = true };
        Apply(config, options);
        return new ConsumerBuilder<Ignore, byte[]>(config)
            .SetErrorHandler(OnError)
            .SetLogHandler(Ignore)
            .SetPartitionsAssignedHandler((_, partitions) => assigned?.Invoke(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => revoked?.Invoke(partitions.Select(p => p.TopicPartition)))
            .SetPartitionsLostHandler((_, partitions) => revoked?.Invoke(partitions.Select(p => p.TopicPartition)))
            .Build();
    }

    /// <summary>The topic's partition count, after creating it if it is missing.</summary>
    public static int EnsureTopic(LoadOptions options)
    {
        using IAdminClient admin = Admin(options);
        if (PartitionsOf(admin, options.Topic) is int existing)
        {
            return existing;
        }

        CreateTopics(options, [new() { Name = options.Topic, NumPartitions = options.Partitions, ReplicationFactor = -1 }]);
        DateTime until = DateTime.UtcNow + TimeSpan.FromSeconds(15);
        while (DateTime.UtcNow < until)
        {
            if (PartitionsOf(admin, options.Topic) is int created)
            {
                return created;
            }

            Thread.Sleep(50);
        }

        throw new LoadException($"topic {options.Topic} has partitions without a leader");
    }

    /// <summary>Creates them; those that exist stay as they are.</summary>
    public static void CreateTopics(LoadOptions options, IEnumerable<TopicSpecification> topics)
    {
        using IAdminClient admin = Admin(options);
        try
        {
            admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = TimeSpan.FromSeconds(60) }).GetAwaiter().GetResult();
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(r => r.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
        }
        catch (KafkaException e)
        {
            throw new LoadException($"cannot create topics at {options.Bootstrap}: {e.Error.Reason}");
        }
    }

    private static IAdminClient Admin(LoadOptions options)
    {
        var config = new AdminClientConfig { BootstrapServers = options.Bootstrap };
        Apply(config, options);
        return new AdminClientBuilder(config).SetErrorHandler(OnError).SetLogHandler(Ignore).Build();
    }

    /// <summary>Null unless the topic exists and every partition has a leader. Asks for all topics: naming one may create it.</summary>
    private static int? PartitionsOf(IAdminClient admin, string topic)
    {
        try
        {
            TopicMetadata? found = admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Find(t => t.Topic == topic);
            return found is { Error.IsError: false, Partitions.Count: > 0 } && found.Partitions.TrueForAll(p => p.Leader >= 0) ? found.Partitions.Count : null;
        }
        catch (KafkaException e)
        {
            throw new LoadException($"no answer: {e.Error.Reason}");
        }
    }

    private static void Apply(ClientConfig config, LoadOptions options)
    {
        foreach (string property in options.ClientProperties)
        {
            string[] parts = property.Split('=', 2);
            if (parts.Length != 2)
            {
                throw new LoadException($"--client {property}: name=value is wanted");
            }

            config.Set(parts[0], parts[1]);
        }
    }

    private static void OnError<TKey, TValue>(IProducer<TKey, TValue> client, Error error) => OnError(error);

    private static void OnError<TKey, TValue>(IConsumer<TKey, TValue> client, Error error) => OnError(error);

    private static void OnError(IAdminClient client, Error error) => OnError(error);

    /// <summary>librdkafka repeats itself ten times a second while a broker is away: each kind of error is shown once.</summary>
    private static void OnError(Error error)
    {
        if (ErrorsShown.TryAdd(error.Code, true))
        {
            Console.Error.WriteLine($"librdkafka: {error.Code}: {error.Reason}");
        }
    }

    private static void Ignore(IClient client, LogMessage message)
    {
    }
}
