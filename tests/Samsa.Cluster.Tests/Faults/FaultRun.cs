using System.Diagnostics;
using System.Globalization;
using Samsa.Cluster.Tests.Checking;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;

namespace Samsa.Cluster.Tests.Faults;

/// <summary>Carries out a plan while loads run, tells what it does, and has the clients' histories judged at the end.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(90);

    private readonly ITestOutputHelper _output;
    private readonly FaultInjector _injector;
    private readonly List<TopicLoad> _loads = [];
    private readonly long _start = Stopwatch.GetTimestamp();

    private FaultRun(TestCluster cluster, ITestOutputHelper output)
    {
        (Cluster, _output) = (cluster, output);
        _injector = new FaultInjector(cluster);
    }

    public TestCluster Cluster { get; }

    public IReadOnlyList<TopicLoad> Loads => _loads;

    /// <summary>Starts a cluster and the loads, and waits until all of it works.</summary>
    public static async Task<FaultRun> StartAsync(ITestOutputHelper output, ClusterOptions options, params TopicPlan[] plans)
    {
        var run = new FaultRun(await TestCluster.StartAsync(options), output);
        try
        {
            run.Tell($"{options.Nodes} nodes, {options.Voters} of them controllers, on {run.Cluster.Network.Description}");
            foreach (TopicPlan plan in plans)
            {
                run._loads.Add(await TopicLoad.StartAsync(run.Cluster.Bootstrap, plan));
            }

            await run.SettlesAsync();
            return run;
        }
        catch (Exception e)
        {
            output.WriteLine($"{e.Message}\n{run.Cluster.Tails()}");
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether that can be done here.</summary>
    public bool Can(FaultKind kind) => _injector.Can(kind);

    /// <summary>Carries out all steps; on a failure tells what the nodes said last.</summary>
    public Task ExecuteAsync(FaultPlan plan) => ToldAsync(async () =>
    {
        Tell($"seed {plan.Seed}: {plan}");
        var random = new Random(plan.Seed);
        foreach (FaultStep step in plan.Steps)
        {
            foreach (int[] nodes in step.Target == FaultTarget.Each ? Cluster.Nodes.Select(n => new[] { n.Id }) : [Choose(step.Target, random)])
            {
                await ExecuteAsync(step, nodes);
            }
        }
    });

    /// <summary>Ends the loads and judges them; all replicas must be equal, byte by byte.</summary>
    public async Task FinishAsync()
    {
        await FinishLoadsAsync();
        await ToldAsync(async () =>
        {
            foreach (ClusterNode node in Cluster.Nodes)
            {
                await node.KillAsync();
            }

            string[] differences = [.. _loads.SelectMany(l => ReplicaComparison.Differences(Cluster, l.Topic, l.Partitions))];
            Tell(differences.Length == 0 ? "all replicas are equal" : string.Join('\n', differences));
            Assert.Empty(differences);
        });
    }

    /// <summary>Ends the loads and judges them; the cluster stays.</summary>
    public Task FinishLoadsAsync() => ToldAsync(async () =>
    {
        await SettlesAsync();
        var verdicts = new List<Verdict>();
        foreach (TopicLoad load in _loads)
        {
            verdicts.Add(await load.FinishAsync(partition => WriterSessions.Of(Cluster, load.Topic, partition)));
            Tell($"{load.Topic}: {verdicts[^1]}");
        }

        Assert.Empty(verdicts.SelectMany(v => v.Anomalies));
    });

    /// <summary>Waits until all replicas are in sync and every load makes progress.</summary>
    public async Task SettlesAsync()
    {
        foreach (TopicLoad load in _loads)
        {
            await Cluster.Probe.WholeAsync(load.Topic, RecoversWithin);
            await load.AcknowledgesAsync(50, RecoversWithin);
        }
    }

    public void Tell(string what) => _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds,7:F1} s  {what}"));

    public async ValueTask DisposeAsync()
    {
        foreach (TopicLoad load in _loads)
        {
            await load.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }

    private async Task ExecuteAsync(FaultStep step, int[] nodes)
    {
        string names = $"{step.Kind} {string.Join(" and ", nodes)} ({step.Target})".ToLowerInvariant();
        _ = TakeLongestSilence();
        long before = _loads.Sum(l => l.Acknowledged);
        Tell($"{names} for {step.Lasts.TotalSeconds:0.#} s");
        await _injector.BeginAsync(step.Kind, nodes);
        await Until.PassesAsync(step.Lasts);
        foreach (ClusterNode node in Cluster.Nodes.Where(n => !n.IsUp && (!nodes.Contains(n.Id) || step.Kind is not (FaultKind.Kill or FaultKind.Restart))))
        {
            Assert.Fail($"node {node.Id} ended by itself during {names}\n{node.Log}");
        }

        long during = _loads.Sum(l => l.Acknowledged) - before;
        await _injector.EndAsync();
        long undone = Stopwatch.GetTimestamp();
        if (step.Settles)
        {
            await SettlesAsync();
        }

        Tell(string.Create(CultureInfo.InvariantCulture,
            $"  {during} acknowledged meanwhile, longest silence {TakeLongestSilence().TotalSeconds:F1} s{(step.Settles ? $", whole {Stopwatch.GetElapsedTime(undone).TotalSeconds:F1} s after" : "")}"));
    }

    private int[] Choose(FaultTarget target, Random random)
    {
        int lot = random.Next(1 << 20);
        int[] all = [.. Cluster.Nodes.Select(n => n.Id)];
        PartitionState? partition = Cluster.Probe.Partitions(_loads[0].Topic) is { Count: > 0 } partitions ? partitions[lot % partitions.Count] : null;
        int controller = Cluster.Probe.Controller();
        return target switch
        {
            FaultTarget.Leader when partition is { Leader: > 0 } => [partition.Leader],
            FaultTarget.Follower when partition is { Replicas.Length: > 1 } => [partition.Replicas.Where(r => r != partition.Leader).ElementAt(lot % (partition.Replicas.Length - 1))],
            FaultTarget.Controller when controller > 0 => [controller],
            FaultTarget.Minority => [.. Enumerable.Range(0, (all.Length - 1) / 2).Select(i => all[(lot + i) % all.Length])],
            FaultTarget.All => all,
            _ => [all[lot % all.Length]],
        };
    }

    private TimeSpan TakeLongestSilence() => _loads.Max(l => l.TakeLongestSilence());

    private async Task ToldAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
        {
            Tell($"{e.Message}\n{Cluster.Tails()}");
            throw;
        }
    }
}
