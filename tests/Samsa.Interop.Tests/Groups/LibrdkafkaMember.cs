using Confluent.Kafka;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Groups;

/// <summary>A member on librdkafka 2.16 and a thread of its own; a crash is an end without leaving.</summary>
internal sealed class LibrdkafkaMember : IGroupMember
{
    private const int Batch = 20;

    private readonly string _name;
    private readonly GroupLedger _ledger;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly Dictionary<TopicPartition, long> _readTo = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Error> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private bool _leaves;
    private int _rebalances;

    public LibrdkafkaMember(string name, GroupLedger ledger, ConsumerConfig config, params string[] topics)
    {
        _name = name;
        _ledger = ledger;
        config.ClientId = name;
        config.EnableAutoCommit = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.FetchWaitMaxMs = 100;
        config.TopicMetadataRefreshIntervalMs = 1_000;
        config.ReconnectBackoffMaxMs = 200;
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, e) => OnError(e))
            .SetPartitionsAssignedHandler((_, assigned) => OnAssigned(assigned))
            .SetPartitionsRevokedHandler((_, revoked) => OnRevoked(revoked, isLost: false))
            .SetPartitionsLostHandler((_, lost) => OnRevoked(lost, isLost: true))
            .Build();
        _consumer.Subscribe(topics);
        _thread = new Thread(Run) { Name = name };
        _thread.Start();
    }

    /// <summary>How often partitions came or went.</summary>
    public int Rebalances => Volatile.Read(ref _rebalances);

    /// <summary>The error after which the client can do no more.</summary>
    public Task<Error> FatalAsync() => _fatal.Task.WaitAsync(KafkaClients.Deadline);

    public static ConsumerConfig Config(MemberKind kind, string bootstrap, string group) => kind switch
    {
        MemberKind.LibrdkafkaConsumer => new() { BootstrapServers = bootstrap, GroupId = group, GroupProtocol = GroupProtocol.Consumer },
        _ => new()
        {
            BootstrapServers = bootstrap,
            GroupId = group,
            SessionTimeoutMs = GroupScene.SessionTimeoutMs,
            HeartbeatIntervalMs = 500,
            PartitionAssignmentStrategy = kind == MemberKind.LibrdkafkaCooperative ? PartitionAssignmentStrategy.CooperativeSticky : PartitionAssignmentStrategy.Range,
        },
    };

    public async Task JoinedAsync()
    {
        try
        {
            await _joined.Task.WaitAsync(TimeSpan.FromSeconds(45));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_name} does not join\n{_ledger.History()}", e);
        }
    }

    public async Task StopAsync()
    {
        _leaves = true;
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            bool ended = await Task.Run(() => _thread.Join(KafkaClients.Deadline));
            Assert.True(ended, $"{_name} hangs\n{_ledger.History()}");
            _ledger.Note($"{_name} {(_leaves ? "left" : "is gone")}");
        }
    }

    private void Run()
    {
        try
        {
            int uncommitted = 0;
            while (!_stopping.IsCancellationRequested)
            {
                ConsumeResult<byte[]?, byte[]?>? record = Consume();
                if (record is not null)
                {
                    _ledger.OnRead(_name, record.Topic, record.Partition.Value, [record.Offset.Value]);
                    _readTo[record.TopicPartition] = record.Offset.Value + 1;
                    uncommitted++;
                }

                if (record is null || uncommitted >= Batch)
                {
                    Commit();
                    uncommitted = 0;
                }
            }

            if (_leaves)
            {
                Commit();
                _consumer.Close();
            }
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
            _ledger.Note($"{_name}: {e.Error.Code}: {e.Error.Reason}");
            return null;
        }
    }

    private void Commit()
    {
        if (_readTo.Count == 0)
        {
            return;
        }

        TopicPartitionOffset[] offsets = [.. _readTo.Select(r => new TopicPartitionOffset(r.Key, r.Value))];
        try
        {
            _consumer.Commit(offsets);
        }
        catch (KafkaException e)
        {
            _ledger.OnCommitRefused(_name, e.Error.ToString());
            return;
        }

        foreach (TopicPartitionOffset offset in offsets)
        {
            _ledger.OnCommitted(offset.Topic, offset.Partition.Value, offset.Offset.Value);
        }
    }

    private void OnAssigned(List<TopicPartition> assigned)
    {
        _ledger.OnAssigned(_name, assigned.Select(p => (p.Topic, p.Partition.Value)));
        Interlocked.Increment(ref _rebalances);
        _joined.TrySetResult();
    }

    private void OnRevoked(List<TopicPartitionOffset> revoked, bool isLost)
    {
        if (!isLost && !(_stopping.IsCancellationRequested && !_leaves))
        {
            Commit();
        }

        foreach (TopicPartitionOffset partition in revoked)
        {
            _readTo.Remove(partition.TopicPartition);
        }

        Interlocked.Increment(ref _rebalances);
        _ledger.OnRevoked(_name + (isLost ? " (lost)" : ""), revoked.Select(p => (p.Topic, p.Partition.Value)));
    }

    private void OnError(Error error)
    {
        _ledger.Note($"{_name}: {error}");
        if (error.IsFatal)
        {
            _fatal.TrySetResult(error);
        }
    }
}
