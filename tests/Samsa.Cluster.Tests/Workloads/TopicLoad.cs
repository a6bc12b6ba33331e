using System.Globalization;
using Samsa.Cluster.Tests.Checking;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>A topic, its producers, the group that reads it, somebody who asks what the group committed; and the history of them all.</summary>
internal sealed class TopicLoad : IAsyncDisposable
{
    private readonly string _bootstrap;
    private readonly bool _isIdempotent;
    private readonly TimeSpan _patience;
    private readonly string _group;
    private readonly LoadProducer[] _producers;
    private readonly GroupReader[] _readers;
    private readonly long[] _readTo;
    private readonly CancellationTokenSource _stopping = new();
    private Task _asking = Task.CompletedTask;

    private TopicLoad(string bootstrap, TopicPlan plan)
    {
        (_bootstrap, Topic, Partitions) = (bootstrap, plan.Topic, plan.Partitions);
        _isIdempotent = plan.Load.IsIdempotent;
        _patience = plan.Load.GivesUpAfter + TimeSpan.FromSeconds(30);
        _group = $"readers-of-{Topic}";
        _readTo = [.. Enumerable.Repeat(-1L, Partitions)];
        _producers = [.. Enumerable.Range(1, plan.Producers).Select(id => new LoadProducer(id, bootstrap, Topic, Partitions, plan.Load, History))];
        _readers = [.. Enumerable.Range(1, plan.Readers).Select(i => new GroupReader($"reader-{i.ToString(CultureInfo.InvariantCulture)}", bootstrap, Topic, _group, History, OnRead))];
    }

    public string Topic { get; }

    public int Partitions { get; }

    public History History { get; } = new();

    public long Acknowledged => _producers.Sum(p => p.Acknowledged);

    /// <summary>Records that the application was told to be failed, or of unknown fate.</summary>
    public long Failed => _producers.Sum(p => p.Failed);

    public long Given => _readers.Sum(r => r.Given);

    /// <summary>Creates the topic and starts everybody.</summary>
    public static async Task<TopicLoad> StartAsync(string bootstrap, TopicPlan plan)
    {
        await KafkaClients.CreateTopicAsync(bootstrap, plan.Topic, plan.Partitions, plan.Settings, plan.Replicas);
        var load = new TopicLoad(bootstrap, plan);
        foreach (LoadProducer producer in load._producers)
        {
            producer.Start();
        }

        foreach (GroupReader reader in load._readers)
        {
            reader.Start();
        }

        load._asking = plan.Readers > 0 ? load.AskAsync() : Task.CompletedTask;
        return load;
    }

    /// <summary>The longest time that one of the producers went without an acknowledgement since the last call.</summary>
    public TimeSpan TakeLongestSilence() => _producers.Max(p => p.TakeLongestSilence());

    /// <summary>Waits until that many more records are acknowledged.</summary>
    public Task<TimeSpan> AcknowledgesAsync(long more, TimeSpan within)
    {
        long goal = Acknowledged + more;
        return Until.HoldsAsync(() => Acknowledged >= goal, within, () => $"{more} more acknowledgements in {Topic}, {goal - Acknowledged} are missing{Complaints()}");
    }

    /// <summary>Ends all clients once their work is done, reads the log, and judges.</summary>
    /// <param name="sessionsOf">Who wrote the batches of a partition.</param>
    public async Task<Verdict> FinishAsync(Func<int, WriterSessions> sessionsOf)
    {
        await Task.WhenAll(_producers.Select(p => p.FinishAsync(_patience)));
        var read = KafkaClients.ReadAll(_bootstrap, Topic, Partitions);
        WriterSessions[] sessions = [.. Enumerable.Range(0, Partitions).Select(sessionsOf)];
        Seen[][] log = [.. read.Select((records, p) => records.Select(r => new Seen(r.Offset.Value, RecordValue.Decode(r.Message.Value)) { Session = sessions[p].At(r.Offset.Value) }).ToArray())];
        if (_readers.Length > 0)
        {
            await Until.HoldsAsync(
                () => Enumerable.Range(0, Partitions).All(p => log[p].Length == 0 || Volatile.Read(ref _readTo[p]) >= log[p][^1].Offset),
                TimeSpan.FromSeconds(60),
                () => $"the group has read {Topic} to its ends {string.Join(' ', log.Select(p => p.LastOrDefault().Offset))}; it is at {string.Join(' ', _readTo)}{Complaints()}");
        }

        await StopAsync();
        return HistoryChecker.Check(History.ToArray(), log, new CheckerRules(_isIdempotent, GroupReadsAll: _readers.Length > 0));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (LoadProducer producer in _producers)
        {
            producer.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task StopAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await _asking;
            await Task.WhenAll(_readers.Select(r => Task.Factory.StartNew(r.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }
    }

    private void OnRead(int partition, long offset)
    {
        if (offset > Volatile.Read(ref _readTo[partition]))
        {
            Volatile.Write(ref _readTo[partition], offset);
        }
    }

    /// <summary>What the group has committed, asked again and again.</summary>
    private async Task AskAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                int at = History.Count;
                foreach ((int partition, long offset) in CommittedOffsets.Ask(_bootstrap, _group, Topic, Partitions))
                {
                    History.Add(new CommittedRead(partition, at, offset));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private string Complaints() => string.Concat(
        _producers.Select(p => p.Fatal).Concat(_readers.Select(r => r.Fatal)).Where(f => f is not null).Select(f => $"; a client gave up: {f}"));
}

/// <summary>What a load consists of.</summary>
internal sealed record TopicPlan(string Topic)
{
    public int Partitions { get; init; } = 4;
    public short Replicas { get; init; } = 3;
    public int Producers { get; init; } = 1;
    public int Readers { get; init; } = 2;
    public LoadOptions Load { get; init; } = new(200, IsIdempotent: true, TimeSpan.FromSeconds(120));

    /// <summary>Settings of the topic: small segments, so that faults fall on rolls too.</summary>
    public Dictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal) { ["segment.bytes"] = "1048576" };
}
