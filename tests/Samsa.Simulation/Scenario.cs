using System.Diagnostics;
using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>One run: a cluster under load, things that go wrong, and the rules held after every piece of work.</summary>
internal sealed class Scenario : IDisposable
{
    private const string Topic = "load";
    private readonly ScenarioOptions _options;
    private readonly World _world;
    private readonly SimulatedCluster _cluster;
    private readonly History _history = new();
    private readonly ReplicaWatch _watch;
    private readonly MetadataWatch _metadata;
    private readonly InSyncWatch _inSync;
    private readonly FaultPlan _faults;
    private readonly List<Producer> _producers = [];
    private readonly List<Reader> _readers = [];
    private readonly GroupHistory _commits = new("group");
    private bool _isOver;

    private Scenario(ScenarioOptions options, TextWriter? verbose)
    {
        _options = options;
        _world = new World(options.Seed, verbose);
        _cluster = new SimulatedCluster(_world, new ClusterOptions { Brokers = options.Brokers, Settings = Settings(options) });
        _history.HasMarks(Topic);
        _watch = new ReplicaWatch(_cluster, _history);
        _faults = new FaultPlan(_cluster, new FaultOptions { PowerCuts = options.FlushOnAck });
        _metadata = new MetadataWatch(_cluster.Quorum);
        _inSync = new InSyncWatch(_cluster, _metadata, _history);
        _world.AfterWork = Look;
    }

    /// <summary>Runs a scenario to its end.</summary>
    public static ScenarioResult Run(ScenarioOptions options, TextWriter? verbose)
    {
        using var scenario = new Scenario(options, verbose);
        var clock = Stopwatch.StartNew();
        SimulationFailure? failure = null;
        try
        {
            scenario.Run();
        }
        catch (SimulationFailure broken)
        {
            failure = broken;
            scenario._world.Say($"BROKEN {broken.Message}");
        }

        return new ScenarioResult(
            options.Seed,
            scenario._world.Trace.Hash(),
            failure,
            scenario._world.Work,
            TimeSpan.FromTicks(scenario._world.Now),
            clock.Elapsed,
            scenario._history.Partitions.Sum(p => p.Acknowledged),
            scenario._commits.Commits,
            scenario._commits.Generations,
            scenario._faults.Counts);
    }

    /// <inheritdoc/>
    public void Dispose() => _world.Dispose();

    private void Look()
    {
        _metadata.Look();
        _watch.Look();
        _inSync.Look();
    }

    private void Acknowledged(TopicPartition partition, Offset? last)
    {
        if (last is { } offset)
        {
            _watch.Acknowledged(partition, offset, MinInSync(_options), _options.FlushOnAck);
        }
    }

    private static int MinInSync(ScenarioOptions options) => options.Brokers >= 3 ? 2 : 1;

    private static string[] Settings(ScenarioOptions options) =>
    [
        $"min.insync.replicas={MinInSync(options)}",
        $"samsa.flush.on.ack={(options.FlushOnAck ? "true" : "false")}",
        "offsets.topic.num.partitions=2",
        $"offsets.topic.replication.factor={Math.Min(3, options.Brokers)}",
        "log.segment.bytes=1048576",
        .. options.NewProtocol ? SettingsOfNewProtocol() : [],
        .. options.Settings,
    ];

    private static string[] SettingsOfNewProtocol() =>
    [
        $"group.consumer.min.session.timeout.ms={ConsumerMember.Session.TotalMilliseconds}",
        $"group.consumer.session.timeout.ms={ConsumerMember.Session.TotalMilliseconds}",
    ];

    private void Run()
    {
        _cluster.Start();
        CreateTopic();
        StartLoad();
        StartGroup();
        _faults.Start();
        _world.Run(_options.Time);
        _isOver = true;
        _faults.Stop();
        RunUntil(() => _producers.TrueForAll(p => p.IsDone), "every producer is told what became of its records");
        RunUntil(IsQuiet, "every replica and every reader has everything");
        _watch.EverybodyHasEverything();
    }

    private void CreateTopic()
    {
        var admin = _cluster.NewClient("admin");
        var isMade = false;
        admin.Process.Start("making the topic", async () =>
        {
            await admin.CreateTopicAsync(
                Topic,
                _options.Partitions,
                Math.Min(3, _options.Brokers));
            isMade = true;
        });
        RunUntil(() => isMade, "the topic is made");
    }

    private void StartLoad()
    {
        for (var partition = 0; partition < _options.Partitions; partition++)
        {
            var name = new TopicPartition(Topic, partition);
            StartProducer(name, isIdempotent: true);
            StartProducer(name, isIdempotent: false);
            var client = _cluster.NewClient($"reader-{partition}");
            var reader = new Reader(client, name, _history);
            _readers.Add(reader);
            client.Process.Start("reading", reader.RunAsync);
        }
    }

    private void StartGroup()
    {
        for (var number = 0; number < 3; number++)
        {
            var client = _cluster.NewClient($"member-{number}");
            Func<Task> run = _options.NewProtocol
                ? new ConsumerMember(client, "group", Topic, _history, _commits).RunAsync
                : new GroupMember(client, "group", Topic, _history, _commits).RunAsync;
            client.Process.Start("consuming", run);
        }
    }

    private void StartProducer(TopicPartition partition, bool isIdempotent)
    {
        var client = _cluster.NewClient($"producer-{_producers.Count}");
        var producer = new Producer(
            client, _producers.Count, partition, _history, new ProducerOptions(isIdempotent, TimeSpan.FromMilliseconds(60), Acknowledged));
        _producers.Add(producer);
        client.Process.Start("producing", () => producer.RunAsync(() => _isOver));
    }

    private bool IsQuiet() =>
        _cluster.Machines.All(m => m.Server is not null && !m.IsStopping)
        && _readers.TrueForAll(r => r.Position == _history.Of(r.Partition).End && _commits.ReachedBy(r.Partition) == r.Position)
        && _watch.IsConverged();

    private void RunUntil(Func<bool> condition, string what)
    {
        if (!_world.RunUntil(condition, TimeSpan.FromMinutes(3)))
        {
            _world.Say(string.Join("; ", [.. _producers.Select(p => p.ToString()), .. _readers.Select(r => r.ToString()), .. _watch.Describe()]));
            throw new SimulationFailure("liveness", $"3 minutes after all was put right it does not hold that {what}");
        }
    }
}

/// <summary>What a scenario is made of.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>What everything by chance comes from.</summary>
    public required int Seed { get; init; }

    /// <summary>How long things go wrong, in virtual time.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many brokers.</summary>
    public int Brokers { get; init; } = 3;

    /// <summary>How many partitions are written to.</summary>
    public int Partitions { get; init; } = 3;

    /// <summary>Whether the group has the new protocol (KIP-848).</summary>
    public bool NewProtocol { get; init; }

    /// <summary>Whether only what was synced is acknowledged; then machines lose their power, too.</summary>
    public bool FlushOnAck { get; init; }

    /// <summary>Settings of every broker, as <c>name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>A scenario whose shape comes out of the seed as well.</summary>
    public static ScenarioOptions Of(int seed, TimeSpan time) => new() { Seed = seed, Time = time, FlushOnAck = seed % 2 == 1 };
}

/// <summary>What a run came to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="TraceHash">The hash of all that happened.</param>
/// <param name="Failure">The rule that was broken; null where none was.</param>
/// <param name="Work">Pieces of work done.</param>
/// <param name="VirtualTime">How long it took there.</param>
/// <param name="RealTime">How long it took here.</param>
/// <param name="Acknowledged">Records acknowledged.</param>
/// <param name="Commits">Offsets committed by the group.</param>
/// <param name="Generations">Generations of the group.</param>
/// <param name="Faults">How often each thing went wrong.</param>
internal sealed record ScenarioResult(
    int Seed,
    string TraceHash,
    SimulationFailure? Failure,
    long Work,
    TimeSpan VirtualTime,
    TimeSpan RealTime,
    int Acknowledged,
    int Commits,
    int Generations,
    IReadOnlyDictionary<string, int> Faults)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"seed {Seed}: {(Failure is null ? "holds" : $"BROKEN ({Failure.Check})")}; {VirtualTime.TotalSeconds:0} s in {RealTime.TotalSeconds:0.0} s, "
        + $"{Work} pieces of work, {Acknowledged} records acknowledged, {Commits} commits in {Generations} generations; {string.Join(", ", Faults.Select(f => $"{f.Key} {f.Value}"))}";
}
