using System.Diagnostics;
using Confluent.Kafka;
using Samsa.Cluster.Tests.Checking;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>A librdkafka member of a group, on a thread of its own, that commits by hand and writes down what it is given.</summary>
internal sealed class GroupReader : IDisposable
{
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(300);

    private readonly string _name;
    private readonly History _history;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly Dictionary<int, long> _next = [];
    private readonly Action<int, long> _onRead;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private long _given;
    private string? _fatal;

    /// <param name="name">Its name in the history.</param>
    /// <param name="bootstrap">The cluster.</param>
    /// <param name="topic">What it reads.</param>
    /// <param name="group">Its group.</param>
    /// <param name="history">Where it writes what happens.</param>
    /// <param name="onRead">Told of each partition and offset it is given.</param>
    public GroupReader(string name, string bootstrap, string topic, string group, History history, Action<int, long> onRead)
    {
        (_name, _history, _onRead) = (name, history, onRead);
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = group,
            ClientId = name,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 1_000,
            SocketTimeoutMs = 10_000,
            SocketConnectionSetupTimeoutMs = 2_000,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
            TopicMetadataRefreshIntervalMs = 5_000,
            FetchWaitMaxMs = 100,
            CheckCrcs = true,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        };
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, e) => OnError(e))
            .SetPartitionsAssignedHandler((_, assigned) => assigned.ForEach(p => _history.Add(new Assigned(_name, p.Partition.Value))))
            .SetPartitionsRevokedHandler((_, revoked) => OnRevoked(revoked, isLost: false))
            .SetPartitionsLostHandler((_, lost) => OnRevoked(lost, isLost: true))
            .Build();
        _consumer.Subscribe(topic);
        _thread = new Thread(() => Run(topic)) { Name = name, IsBackground = true };
    }

    /// <summary>Records it was given.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <summary>The error after which it can do no more.</summary>
    public string? Fatal => Volatile.Read(ref _fatal);

    public void Start() => _thread.Start();

    /// <summary>Commits, leaves the group and ends.</summary>
    public void Dispose()
    {
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            Assert.True(!_thread.IsAlive || _thread.Join(TimeSpan.FromSeconds(60)), $"{_name} hangs");
        }
    }

    private void Run(string topic)
    {
        try
        {
            long lastCommit = Stopwatch.GetTimestamp();
            while (!_stopping.IsCancellationRequested)
            {
                if (Consume() is { } record)
                {
                    _history.Add(new Polled(_name, record.Partition.Value, new Seen(record.Offset.Value, RecordValue.Decode(record.Message.Value))));
                    _next[record.Partition.Value] = record.Offset.Value + 1;
                    _onRead(record.Partition.Value, record.Offset.Value);
                    Interlocked.Increment(ref _given);
                }

                if (Stopwatch.GetElapsedTime(lastCommit) > CommitEvery)
                {
                    Commit(topic);
                    lastCommit = Stopwatch.GetTimestamp();
                }
            }

            Commit(topic);
            _consumer.Close();
        }
        catch (KafkaException e)
        {
            OnError(e.Error);
        }
        finally
        {
            _consumer.Dispose();
        }
    }

    private ConsumeResult<byte[]?, byte[]?>? Consume()
    {
        try
        {
            return _consumer.Consume(TimeSpan.FromMilliseconds(100));
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            // The cluster cannot give anything for the moment.
            return null;
        }
    }

    private void Commit(string topic)
    {
        TopicPartitionOffset[] offsets = [.. _next.Select(n => new TopicPartitionOffset(topic, n.Key, n.Value))];
        if (offsets.Length == 0)
        {
            return;
        }

        try
        {
            _consumer.Commit(offsets);
        }
        catch (KafkaException)
        {
            // Refused, or its fate is unknown; neither counts as committed.
            return;
        }

        foreach (TopicPartitionOffset offset in offsets)
        {
            _history.Add(new Committed(_name, offset.Partition.Value, offset.Offset.Value));
        }
    }

    private void OnRevoked(List<TopicPartitionOffset> revoked, bool isLost)
    {
        if (!isLost && revoked.Count > 0)
        {
            Commit(revoked[0].Topic);
        }

        foreach (TopicPartitionOffset partition in revoked)
        {
            _next.Remove(partition.Partition.Value);
            _history.Add(new Revoked(_name, partition.Partition.Value));
        }
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            Volatile.Write(ref _fatal, error.ToString());
        }
    }
}
