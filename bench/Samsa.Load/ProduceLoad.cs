using System.Diagnostics;
using Confluent.Kafka;
using HdrHistogram;

namespace Samsa.Load;

/// <summary>Sends records as fast as they are taken; a record counts when its delivery report says so.</summary>
internal sealed class ProduceLoad
{
    private const int MaxInFlight = 1_000_000;

    private readonly LoadOptions _options;
    private readonly SendTimes[] _inFlight;
    private readonly LongHistogram _latency = Latency.NewHistogram();
    private readonly Action<DeliveryReport<byte[]?, byte[]?>> _onDelivery;
    private long _delivered;
    private long _failed;
    private string? _firstError;

    private ProduceLoad(LoadOptions options, int partitions)
    {
        _options = options;
        _inFlight = [.. Enumerable.Range(0, partitions).Select(_ => new SendTimes(MaxInFlight / partitions + 1))];
        _onDelivery = OnDelivery;
    }

    public static LoadReport Run(LoadOptions options)
    {
        Clients.RequireCurrentLibrdkafka();
        int partitions = Clients.EnsureTopic(options);
        return new ProduceLoad(options, partitions).Run(partitions);
    }

    private LoadReport Run(int partitions)
    {
        using IProducer<byte[]?, byte[]?> producer = Clients.Producer(_options, defaultLingerMs: 5);
        Message<byte[]?, byte[]?>[] messages = Payloads.Messages(_options.Size);
        TopicPartition[] targets = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(_options.Topic, p))];
        using var progress = new Progress("produce", _options.Records, _options.Size, () => Volatile.Read(ref _delivered));

        var probe = new BrokerProbe(_options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < _options.Records; i++)
        {
            int partition = (int)(i % partitions);
            while (_inFlight[partition].IsFull || !TrySend(producer, targets[partition], messages[i % messages.Length], partition))
            {
                ThrowIfLate(start);
                Thread.Sleep(1);
            }
        }

        while (Volatile.Read(ref _delivered) + Volatile.Read(ref _failed) < _options.Records)
        {
            // No Flush: it serves delivery reports beside the producer's own thread, and two at once miscount.
            ThrowIfLate(start);
            Thread.Sleep(1);
        }

        return new LoadReport("produce", _options, _delivered, _failed, _delivered * _options.Size, Stopwatch.GetElapsedTime(start))
        {
            FirstError = _firstError,
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
            Latencies = [Latency.Of("acknowledged", _latency)],
        };
    }

    private bool TrySend(IProducer<byte[]?, byte[]?> producer, TopicPartition target, Message<byte[]?, byte[]?> message, int partition)
    {
        // Before Produce: the report may come on the poll thread before Produce returns.
        _inFlight[partition].Add(Stopwatch.GetTimestamp());
        try
        {
            producer.Produce(target, message, _onDelivery);
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code is ErrorCode.Local_QueueFull)
        {
            _inFlight[partition].UndoAdd();
            return false;
        }
    }

    private void OnDelivery(DeliveryReport<byte[]?, byte[]?> report)
    {
        long sent = _inFlight[report.Partition.Value].Remove();
        if (report.Error.IsError)
        {
            _firstError ??= $"{report.Error.Code}: {report.Error.Reason}";
            Volatile.Write(ref _failed, _failed + 1);
            return;
        }

        _latency.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds));
        Volatile.Write(ref _delivered, _delivered + 1);
    }

    private void ThrowIfLate(long start)
    {
        if (Stopwatch.GetElapsedTime(start) > _options.Deadline)
        {
            throw new LoadException($"{_delivered:N0} of {_options.Records:N0} records acknowledged, {_failed:N0} failed ({_firstError}) within {_options.DeadlineSeconds} s");
        }
    }
}
