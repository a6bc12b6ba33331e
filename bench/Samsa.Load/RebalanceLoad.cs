using System.Diagnostics;
using Confluent.Kafka;

namespace Samsa.Load;

/// <summary>
/// How long a group of --members takes until every member has its partitions: when all come at once, when one more comes, and when it
/// leaves. --client group.protocol=consumer measures the protocol of KIP-848.
/// </summary>
internal static class RebalanceLoad
{
    public static LoadReport Run(LoadOptions options)
    {
        Clients.RequireCurrentLibrdkafka();
        int partitions = Clients.EnsureTopic(options);
        if (partitions <= options.Members)
        {
            throw new LoadException($"{options.Topic} has {partitions} partitions; --partitions greater than --members is wanted");
        }

        var probe = new BrokerProbe(options.BrokerPid);
        TimeSpan cpuAtStart = Environment.CpuUsage.TotalTime;
        var ownership = new Ownership(partitions);
        string group = $"{options.Topic}-{Guid.NewGuid():N}";
        List<RebalanceMember> members = [];
        var phases = new List<Latency>();
        long start = Stopwatch.GetTimestamp();
        Measure("all join", () =>
        {
            for (int i = 0; i < options.Members; i++)
            {
                members.Add(new RebalanceMember(options, group, i, ownership));
            }
        }, options.Members);
        Measure("one more joins", () => members.Add(new RebalanceMember(options, group, options.Members, ownership)), options.Members + 1);
        Measure("one leaves", () => members[^1].Leave(), options.Members);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Parallel.ForEach(members, new ParallelOptions { MaxDegreeOfParallelism = 16 }, m => m.Leave());
        return new LoadReport("rebalance", options, options.Members, 0, 0, elapsed)
        {
            Broker = probe.Read(),
            ClientCpuSeconds = (Environment.CpuUsage.TotalTime - cpuAtStart).TotalSeconds,
            Latencies = phases,
        };

        void Measure(string phase, Action change, int expected)
        {
            long began = Stopwatch.GetTimestamp();
            Task settled = ownership.WhenAll(expected);
            change();
            if (!settled.Wait(options.Deadline))
            {
                throw new LoadException($"{phase}: {ownership}");
            }

            double ms = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            phases.Add(new Latency(phase, ms, ms, ms, ms));
        }
    }
}

/// <summary>One member, polled by a thread of its own.</summary>
internal sealed class RebalanceMember
{
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Thread _thread;

    public RebalanceMember(LoadOptions options, string group, int number, Ownership ownership)
    {
        _consumer = Clients.Member(options, group, assigned: p => ownership.Add(number, p), revoked: p => ownership.Remove(number, p));
        _consumer.Subscribe(options.Topic);
        _thread = new Thread(Poll, 256 * 1024);
        _thread.Start();
    }

    public void Leave()
    {
        _leaving.Cancel();
        _thread.Join();
    }

    private void Poll()
    {
        while (!_leaving.IsCancellationRequested)
        {
            _consumer.Consume(TimeSpan.FromMilliseconds(100));
        }

        _consumer.Close();
        _consumer.Dispose();
    }
}

/// <summary>Which member has which partitions, as the members themselves see it.</summary>
internal sealed class Ownership(int partitions)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, HashSet<int>> _owned = [];
    private (int Members, TaskCompletionSource Done)? _awaited;

    /// <summary>Completes when that many members have partitions, and together all of them, having changed since the call.</summary>
    public Task WhenAll(int members)
    {
        lock (_lock)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (members, done);
            return done.Task;
        }
    }

    public void Add(int member, IEnumerable<TopicPartition> assigned)
    {
        lock (_lock)
        {
            if (!_owned.TryGetValue(member, out HashSet<int>? owned))
            {
                _owned[member] = owned = [];
            }

            owned.UnionWith(assigned.Select(p => p.Partition.Value));
            Check();
        }
    }

    public void Remove(int member, IEnumerable<TopicPartition> revoked)
    {
        lock (_lock)
        {
            if (_owned.TryGetValue(member, out HashSet<int>? owned))
            {
                owned.ExceptWith(revoked.Select(p => p.Partition.Value));
                Check();
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return $"{_owned.Values.Count(o => o.Count > 0)} members have {_owned.Values.Sum(o => o.Count)} of {partitions} partitions";
        }
    }

    private void Check()
    {
        if (_awaited is { } awaited && _owned.Values.Count(o => o.Count > 0) == awaited.Members && _owned.Values.Sum(o => o.Count) == partitions)
        {
            awaited.Done.TrySetResult();
        }
    }
}
