using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Samsa.Load;

/// <summary>Creates many partitions and sends one record to each: what a partition costs before it has any load.</summary>
internal static class PartitionsLoad
{
    private const int PartitionsPerTopic = 1000;

    public static LoadReport Run(LoadOptions options)
    {
        Clients.RequireCurrentLibrdkafka();
        var probe = new BrokerProbe(options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        List<TopicSpecification> topics = Topics(options);
        Clients.CreateTopics(options, topics);
        TimeSpan created = Stopwatch.GetElapsedTime(start);

        long served = 0;
        string? firstError = null;
        using var outstanding = new CountdownEvent(options.Partitions);
        using IProducer<byte[]?, byte[]?> producer = Clients.Producer(options, defaultLingerMs: 0);
        Message<byte[]?, byte[]?> message = Payloads.Messages(options.Size)[0];
        foreach (TopicSpecification topic in topics)
        {
            for (int p = 0; p < topic.NumPartitions; p++)
            {
                producer.Produce(new TopicPartition(topic.Name, p), message, report =>
                {
                    firstError ??= report.Error.IsError ? report.Error.Reason : null;
                    served += report.Error.IsError ? 0 : 1;
                    outstanding.Signal();
                });
            }
        }

        if (!outstanding.Wait(options.Deadline))
        {
            throw new LoadException($"{outstanding.CurrentCount} of {options.Partitions} partitions do not answer ({firstError})");
        }

        Console.Error.WriteLine($"created in {created.TotalSeconds:F2} s, one record each in {(Stopwatch.GetElapsedTime(start) - created).TotalSeconds:F2} s");
        return new LoadReport("partitions", options, served, options.Partitions - served, served * options.Size, Stopwatch.GetElapsedTime(start))
        {
            FirstError = firstError,
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
        };
    }

    private static List<TopicSpecification> Topics(LoadOptions options)
    {
        var topics = new List<TopicSpecification>();
        for (int left = options.Partitions; left > 0; left -= PartitionsPerTopic)
        {
            topics.Add(new() { Name = $"{options.Topic}-{topics.Count}", NumPartitions = Math.Min(left, PartitionsPerTopic), ReplicationFactor = -1 });
        }

        return topics;
    }
}
