using System.Diagnostics;
using Confluent.Kafka;
using Samsa.Cluster.Tests.Checking;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>A librdkafka producer with a steady rate to all partitions in turn, which writes down what becomes of every record.</summary>
internal sealed class LoadProducer : IDisposable
{
    private const int MaxInFlight = 5_000;
    private const int TicksPerSecond = 40;

    private readonly int _id;
    private readonly string _topic;
    private readonly int _rate;
    private readonly History _history;
    private readonly long[] _sent;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;
    private int _inFlight;
    private long _acknowledged;
    private long _failed;
    private long _lastAcknowledgement = Stopwatch.GetTimestamp();
    private long _longestSilence;
    private string? _fatal;

    public LoadProducer(int id, string bootstrap, string topic, int partitions, LoadOptions options, History history)
    {
        (_id, _topic, _rate, _history, _sent) = (id, topic, options.RecordsPerSecond, history, new long[partitions]);
        _producer = KafkaClients.Producer(bootstrap, config =>
        {
            config.EnableIdempotence = options.IsIdempotent;
            // Without idempotence only one request at a time keeps the order through a retry.
            config.MaxInFlight = options.IsIdempotent ? 5 : 1;
            config.MessageTimeoutMs = (int)options.GivesUpAfter.TotalMilliseconds;
            config.RequestTimeoutMs = (int)Math.Min(options.GivesUpAfter.TotalMilliseconds, 10_000);
            config.SocketConnectionSetupTimeoutMs = 2_000;
            config.ReconnectBackoffMs = 20;
            config.ReconnectBackoffMaxMs = 200;
            config.RetryBackoffMs = 50;
            config.LingerMs = 5;
            config.TopicMetadataRefreshFastIntervalMs = 50;
            config.TopicMetadataRefreshIntervalMs = 5_000;
        });
    }

    /// <summary>Records that the cluster took.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Records that the application was told to be failed, or of unknown fate.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>The error after which it can send no more.</summary>
    public string? Fatal => Volatile.Read(ref _fatal);

    /// <summary>The longest time without an acknowledgement since the last call.</summary>
    public TimeSpan TakeLongestSilence()
    {
        TimeSpan now = Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastAcknowledgement));
        TimeSpan longest = TimeSpan.FromTicks(Interlocked.Exchange(ref _longestSilence, 0));
        return longest > now ? longest : now;
    }

    public void Start() => _sending = SendAsync();

    /// <summary>Sends no more, and waits until every record's fate is written down.</summary>
    public async Task FinishAsync(TimeSpan within)
    {
        await _stopping.CancelAsync();
        await _sending;
        int left = await Task.Factory.StartNew(() => _producer.Flush(within), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(left == 0, $"{left} records of producer {_id} have no fate after {within.TotalSeconds:F0} s");
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
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        try
        {
            for (int turn = 0; await timer.WaitForNextTickAsync(_stopping.Token);)
            {
                for (int i = 0; i < Math.Max(1, _rate / TicksPerSecond) && Volatile.Read(ref _inFlight) < MaxInFlight; i++)
                {
                    Send(turn++ % _sent.Length);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
        catch (KafkaException e)
        {
            Volatile.Write(ref _fatal, e.Error.ToString());
        }
    }

    private void Send(int partition)
    {
        var record = new RecordId(_id, partition, _sent[partition]);
        _history.Add(new Sent(record));
        try
        {
            _producer.Produce(new TopicPartition(_topic, partition), new Message<byte[]?, byte[]?> { Value = RecordValue.Encode(record) }, report => OnDelivery(report, record));
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            _history.Add(new Failed(record, e.Error.ToString()));
            throw;
        }

        _sent[partition]++;
        Interlocked.Increment(ref _inFlight);
    }

    private void OnDelivery(DeliveryReport<byte[]?, byte[]?> report, RecordId record)
    {
        Interlocked.Decrement(ref _inFlight);
        if (report.Error.IsError)
        {
            Interlocked.Increment(ref _failed);
            _history.Add(report.Status == PersistenceStatus.NotPersisted ? new Failed(record, report.Error.ToString()) : new Unknown(record, report.Error.ToString()));
            return;
        }

        // A repeated batch that idempotence recognised may come back without its offset.
        _history.Add(new Acknowledged(record, Math.Max(report.Offset.Value, -1)));
        long silence = Stopwatch.GetElapsedTime(Interlocked.Exchange(ref _lastAcknowledgement, Stopwatch.GetTimestamp())).Ticks;
        if (silence > Interlocked.Read(ref _longestSilence))
        {
            Interlocked.Exchange(ref _longestSilence, silence);
        }

        Interlocked.Increment(ref _acknowledged);
    }
}

/// <summary>How a producer sends.</summary>
/// <param name="RecordsPerSecond">Its rate.</param>
/// <param name="IsIdempotent">With idempotence; otherwise with one request in flight.</param>
/// <param name="GivesUpAfter">When a record's fate is unknown.</param>
internal sealed record LoadOptions(int RecordsPerSecond, bool IsIdempotent, TimeSpan GivesUpAfter);
