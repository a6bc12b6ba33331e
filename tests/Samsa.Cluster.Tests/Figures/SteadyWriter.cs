using System.Diagnostics;
using Confluent.Kafka;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Cluster.Tests.Figures;

/// <summary>A producer with the client's own defaults and acks=all that sends a record to one partition every few milliseconds.</summary>
internal sealed class SteadyWriter : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly TopicPartition _partition;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Task _sending;
    private long _count;
    private (long Sent, long Acknowledged) _last;

    public SteadyWriter(string bootstrap, string topic, int partition)
    {
        _producer = KafkaClients.Producer(bootstrap, c => c.EnableIdempotence = true);
        _partition = new TopicPartition(topic, partition);
        _sending = SendAsync();
    }

    public Task AcknowledgesAsync(int records, TimeSpan within) =>
        Until.HoldsAsync(() => Interlocked.Read(ref _count) >= records, within, () => $"{records} acknowledgements");

    /// <summary>The time from a moment to the first acknowledgement of a record that was sent after it.</summary>
    public async Task<TimeSpan> NextAsync(long after, TimeSpan within)
    {
        (long Sent, long Acknowledged) first = default;
        await Until.HoldsAsync(
            () =>
            {
                lock (_lock)
                {
                    first = first == default && _last.Sent > after ? _last : first;
                    return first != default;
                }
            },
            within,
            () => "an acknowledgement");
        return Stopwatch.GetElapsedTime(after, first.Acknowledged);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _sending.Wait();
        _producer.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                long sent = Stopwatch.GetTimestamp();
                _producer.Produce(_partition, new Message<byte[]?, byte[]?> { Value = new byte[100] }, report => OnDelivery(report.Error, sent));
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private void OnDelivery(Error error, long sent)
    {
        if (!error.IsError)
        {
            lock (_lock)
            {
                _last = (sent, Stopwatch.GetTimestamp());
            }

            Interlocked.Increment(ref _count);
        }
    }
}
