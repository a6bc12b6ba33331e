using Samsa.Cluster.Tests.Faults;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>Three processes are one cluster: any one of them may die, and all of them may be restarted, under the hands of its clients.</summary>
public sealed class FailoverTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("kill leader 5;")]
    [InlineData("kill follower 3;")]
    [InlineData("kill controller 5;")]
    [InlineData("kill all 0.5;")]
    public async Task Everything_acknowledged_is_read_back_once_and_in_order_after(string plan)
    {
        await using FaultRun run = await FaultRun.StartAsync(output, ThreeNodes.Options,
            new TopicPlan("idempotent"), new TopicPlan("plain") { Load = new(100, IsIdempotent: false, TimeSpan.FromSeconds(60)), Readers = 0 });
        await run.ExecuteAsync(FaultPlan.Parse(plan, 1));
        await run.FinishAsync();
        Assert.Equal(0, run.Loads.Sum(l => l.Failed));
    }

    [Fact]
    public async Task A_restarted_broker_catches_up_and_is_in_sync_again()
    {
        await using FaultRun run = await FaultRun.StartAsync(output, ThreeNodes.Options, new TopicPlan("load") { Partitions = 3, Readers = 0 });
        TopicLoad load = run.Loads[0];
        ClusterNode node = run.Cluster[run.Cluster.Probe.Partitions(load.Topic)[0].Leader];
        int other = node.Id % 3 + 1;
        await node.KillAsync();
        await Until.HoldsAsync(
            () => run.Cluster.Probe.PartitionsSeenBy(other, load.Topic) is { Count: 3 } p && p.All(s => s.InSync.Length == 2 && s.Leader > 0 && !s.InSync.Contains(node.Id)),
            TimeSpan.FromSeconds(30), () => $"two replicas in sync, without node {node.Id}: {string.Join("; ", run.Cluster.Probe.PartitionsSeenBy(other, load.Topic))}");
        await load.AcknowledgesAsync(1_000, TimeSpan.FromSeconds(30));
        await node.StartAsync();
        run.Tell($"all in sync {(await run.Cluster.Probe.WholeAsync(load.Topic, TimeSpan.FromSeconds(30))).TotalSeconds:F1} s after the start");
        await run.FinishAsync();
    }

    [Fact]
    public async Task A_rolling_restart_is_not_noticed_by_applications()
    {
        await using FaultRun run = await FaultRun.StartAsync(output, ThreeNodes.Options, new TopicPlan("load"));
        await run.ExecuteAsync(FaultPlan.Parse("restart each 0;", 1));
        await run.FinishAsync();
        Assert.Equal(0, run.Loads[0].Failed);
    }
}
