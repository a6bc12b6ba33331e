using System.Diagnostics;
using Confluent.Kafka;

namespace Samsa.Load;

/// <summary>Reads from the beginning of every partition until enough records came or every partition ended.</summary>
internal static class ConsumeLoad
{
    public static LoadReport Run(LoadOptions options)
    {
        Clients.RequireCurrentLibrdkafka();
        int partitions = Clients.EnsureTopic(options);
        using IConsumer<Ignore, byte[]> consumer = Clients.Consumer(options);
        TopicPartition[] all = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(options.Topic, p))];
        long available = all.Sum(p =>
        {
            WatermarkOffsets watermarks = consumer.QueryWatermarkOffsets(p, TimeSpan.FromSeconds(10));
            return watermarks.High.Value - watermarks.Low.Value;
        });
        long wanted = Math.Min(options.Records, available);
        if (wanted == 0)
        {
            throw new LoadException($"topic {options.Topic} is empty");
        }

        long read = 0;
        long bytes = 0;
        using var progress = new Progress("consume", wanted, options.Size, () => Volatile.Read(ref read));
        var probe = new BrokerProbe(options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        consumer.Assign(all.Select(p => new TopicPartitionOffset(p, Offset.Beginning)));
        while (read < wanted)
        {
            ConsumeResult<Ignore, byte[]>? result = consumer.Consume(1000);
            if (result is not null)
            {
                bytes += result.Message.Value?.Length ?? 0;
                Volatile.Write(ref read, read + 1);
            }
            else if (Stopwatch.GetElapsedTime(start) > options.Deadline)
            {
                throw new LoadException($"{read:N0} of {wanted:N0} records read within {options.DeadlineSeconds} s");
            }
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return new LoadReport("consume", options with { Size = (int)(bytes / read) }, read, 0, bytes, elapsed)
        {
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
        };
    }
}
