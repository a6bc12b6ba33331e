using System.Buffers.Binary;
using System.Collections.Concurrent;
using Confluent.Kafka;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Kill;

/// <summary>
/// One producer that lives through all the kills: numbers its records per partition, remembers every acknowledgement, and afterwards
/// compares with what the broker has.
/// </summary>
internal sealed class KillWorkload : IDisposable
{
    private const int MaxInFlight = 2_000;
    private const int HeaderLength = sizeof(long);
    private const int LargestValue = 1_500;

    private readonly string _topic;
    private readonly bool _idempotent;
    private readonly long[] _sent;
    private readonly ConcurrentDictionary<long, long>[] _acknowledged;
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly SemaphoreSlim _room = new(MaxInFlight);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private long _acknowledgedCount;
    private Milestone? _milestone;

    public KillWorkload(string bootstrap, string topic, int partitions, bool idempotent)
    {
        _topic = topic;
        _idempotent = idempotent;
        _sent = new long[partitions];
        _acknowledged = [.. Enumerable.Range(0, partitions).Select(_ => new ConcurrentDictionary<long, long>())];
        _producer = KafkaClients.Producer(bootstrap, config =>
        {
            config.EnableIdempotence = idempotent;
            // Without idempotence only one request at a time keeps the order through a retry.
            config.MaxInFlight = idempotent ? 5 : 1;
            config.MessageTimeoutMs = 120_000;
            config.ReconnectBackoffMs = 20;
            config.ReconnectBackoffMaxMs = 200;
            config.RetryBackoffMs = 50;
            config.LingerMs = 2;
            config.BatchNumMessages = 300;
            config.TopicMetadataRefreshIntervalMs = 1_000;
        });
        _thread = new Thread(Send) { Name = topic };
    }

    public long AcknowledgedCount => Interlocked.Read(ref _acknowledgedCount);

    public void Start() => _thread.Start();

    /// <summary>Completes when that many more records than now are acknowledged.</summary>
    public Task AcknowledgesAsync(int more)
    {
        var milestone = new Milestone(AcknowledgedCount + more);
        Volatile.Write(ref _milestone, milestone);
        return milestone.Reached.Task;
    }

    /// <summary>Sends no more and waits until everything sent is acknowledged.</summary>
    public void Finish()
    {
        _stopping.Cancel();
        Assert.True(_thread.Join(KafkaClients.Deadline), $"{_topic}: the sender hangs");
        int left = _producer.Flush(TimeSpan.FromSeconds(60));
        Assert.True(left == 0, $"{_topic}: {left} records are never acknowledged");
    }

    /// <summary>Every acknowledged record is there, at its offset, in order, and once unless the producer was free to repeat itself.</summary>
    public void Verify(string bootstrap)
    {
        Assert.Empty(_failures);
        var read = KafkaClients.ReadAll(bootstrap, _topic, _sent.Length);
        for (int p = 0; p < _sent.Length; p++)
        {
            Assert.All(read[p], r => Assert.True(IsIntact(r.Message.Value!, p), $"{_topic}-{p} offset {r.Offset}: the value is damaged"));
            long[] numbers = [.. read[p].Select(r => Number(r.Message.Value!))];
            string where = $"{_topic}-{p}, {_sent[p]} sent, {_acknowledged[p].Count} acknowledged, {numbers.Length} read";
            if (_idempotent)
            {
                Assert.True(numbers.SequenceEqual(Sequence(_sent[p])), $"{where}: {FirstBreak(numbers)}");
            }
            else
            {
                Assert.True(numbers.Distinct().SequenceEqual(Sequence(_sent[p])), $"{where}: {FirstBreak([.. numbers.Distinct()])}");
            }

            var byOffset = read[p].ToDictionary(r => r.Offset.Value, r => Number(r.Message.Value!));
            Assert.All(_acknowledged[p], ack => Assert.True(
                byOffset.TryGetValue(ack.Value, out long number) && number == ack.Key,
                $"{where}: record {ack.Key} was acknowledged at offset {ack.Value}, which holds {(byOffset.TryGetValue(ack.Value, out long other) ? other : "nothing")}"));
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _producer.Dispose();
        _room.Dispose();
        _stopping.Dispose();
    }

    private void Send()
    {
        try
        {
            for (int turn = 0; ; turn++)
            {
                _room.Wait(_stopping.Token);
                int partition = turn % _sent.Length;
                long number = _sent[partition];
                _producer.Produce(new TopicPartition(_topic, partition), new Message<byte[]?, byte[]?> { Value = Value(partition, number) }, report => OnDelivery(report, number));
                _sent[partition]++;
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
        catch (KafkaException e)
        {
            _failures.Enqueue($"{_topic}: {e.Error.Code}: {e.Error.Reason}");
        }
    }

    private void OnDelivery(DeliveryReport<byte[]?, byte[]?> report, long number)
    {
        if (report.Error.IsError)
        {
            _failures.Enqueue($"{report.TopicPartition} record {number}: {report.Error.Code}: {report.Error.Reason}");
        }
        else
        {
            // A repeated batch that idempotence recognised may come back without its offset; the order check covers it.
            if (report.Offset.Value >= 0)
            {
                _acknowledged[report.Partition.Value][number] = report.Offset.Value;
            }

            long count = Interlocked.Increment(ref _acknowledgedCount);
            if (Volatile.Read(ref _milestone) is { } milestone && count >= milestone.Count)
            {
                milestone.Reached.TrySetResult();
            }
        }

        _room.Release();
    }

    private static byte[] Value(int partition, long number)
    {
        var random = new Random(HashCode(partition, number));
        byte[] value = new byte[HeaderLength + random.Next(LargestValue)];
        BinaryPrimitives.WriteInt64BigEndian(value, number);
        random.NextBytes(value.AsSpan(HeaderLength));
        return value;
    }

    private static bool IsIntact(byte[] value, int partition) => value.AsSpan().SequenceEqual(Value(partition, Number(value)));

    private static int HashCode(int partition, long number) => (int)(number * 31 + partition);

    private static long Number(byte[] value) => BinaryPrimitives.ReadInt64BigEndian(value);

    private static IEnumerable<long> Sequence(long count)
    {
        for (long i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private static string FirstBreak(long[] numbers)
    {
        int at = 0;
        while (at < numbers.Length && numbers[at] == at)
        {
            at++;
        }

        return $"the order breaks at position {at}: ...{string.Join(' ', numbers.Skip(Math.Max(0, at - 3)).Take(8))}...";
    }

    private sealed record Milestone(long Count)
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
