using System.Buffers.Binary;
using System.Diagnostics;
using Confluent.Kafka;
using HdrHistogram;

namespace Samsa.Load;

/// <summary>
/// Sends at a fixed rate and measures against the time at which each record was due, so that a stall is charged to every record it
/// delayed (no coordinated omission). A consumer in the same process reads the send time out of the value.
/// </summary>
internal sealed class LatencyLoad
{
    private readonly LoadOptions _options;
    private readonly LongHistogram _acknowledged = Latency.NewHistogram();
    private readonly LongHistogram _consumed = Latency.NewHistogram();
    private long _acknowledgedCount;
    private long _failed;
    private long _consumedCount;
    private string? _firstError;

    private LatencyLoad(LoadOptions options) => _options = options;

    public static LoadReport Run(LoadOptions options)
    {
        if (options.Size < sizeof(long))
        {
            throw new LoadException($"--size must be at least {sizeof(long)}: the value carries its send time");
        }

        Clients.RequireCurrentLibrdkafka();
        int partitions = Clients.EnsureTopic(options);
        return new LatencyLoad(options).Run(partitions);
    }

    private LoadReport Run(int partitions)
    {
        TopicPartition[] targets = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(_options.Topic, p))];
        using IConsumer<Ignore, byte[]> consumer = Clients.Consumer(_options);
        consumer.Assign(targets.Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, TimeSpan.FromSeconds(10)).High)));
        using IProducer<byte[]?, byte[]?> producer = Clients.Producer(_options, defaultLingerMs: 0);
        using var progress = new Progress("latency", _options.Records, _options.Size, () => Volatile.Read(ref _acknowledgedCount));
        using var stopping = new CancellationTokenSource(_options.Deadline);
        var reader = new Thread(() => Read(consumer, stopping.Token)) { Name = "latency-consumer" };
        reader.Start();

        var probe = new BrokerProbe(_options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Send(producer, targets, start, stopping.Token);
        producer.Flush(_options.Deadline);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        reader.Join();
        return new LoadReport("latency", _options, _acknowledgedCount, _failed, _acknowledgedCount * _options.Size, elapsed)
        {
            FirstError = _firstError,
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
            Latencies = [Latency.Of("acknowledged", _acknowledged), Latency.Of("consumed", _consumed)],
        };
    }

    private void Send(IProducer<byte[]?, byte[]?> producer, TopicPartition[] targets, long start, CancellationToken stopping)
    {
        double ticksPerRecord = (double)Stopwatch.Frequency / _options.Rate;
        var random = new Random(20);
        for (long i = 0; i < _options.Records && !stopping.IsCancellationRequested; i++)
        {
            long due = start + (long)(i * ticksPerRecord);
            WaitUntil(due);
            byte[] value = Payloads.Value(random, _options.Size);
            BinaryPrimitives.WriteInt64LittleEndian(value, due);
            producer.Produce(targets[i % targets.Length], new Message<byte[]?, byte[]?> { Value = value }, report => OnDelivery(report, due));
        }
    }

    private static void WaitUntil(long due)
    {
        while (true)
        {
            double milliseconds = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due).TotalMilliseconds;
            if (milliseconds <= 0)
            {
                return;
            }

            if (milliseconds > 1.5)
            {
                Thread.Sleep(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void OnDelivery(DeliveryReport<byte[]?, byte[]?> report, long due)
    {
        if (report.Error.IsError)
        {
            _firstError ??= $"{report.Error.Code}: {report.Error.Reason}";
            Volatile.Write(ref _failed, _failed + 1);
            return;
        }

        _acknowledged.RecordValue(Microseconds(due));
        Volatile.Write(ref _acknowledgedCount, _acknowledgedCount + 1);
    }

    private void Read(IConsumer<Ignore, byte[]> consumer, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && _consumedCount + Volatile.Read(ref _failed) < _options.Records)
        {
            ConsumeResult<Ignore, byte[]>? result = consumer.Consume(100);
            if (result is not null)
            {
                _consumed.RecordValue(Microseconds(BinaryPrimitives.ReadInt64LittleEndian(result.Message.Value)));
                _consumedCount++;
            }
        }
    }

    private static long Microseconds(long since) => Math.Max(1, (long)Stopwatch.GetElapsedTime(since).TotalMicroseconds);
}
