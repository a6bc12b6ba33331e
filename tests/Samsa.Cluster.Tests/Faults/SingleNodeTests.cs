using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;

namespace Samsa.Cluster.Tests.Faults;

/// <summary>The laboratory on one node: faults without replication.</summary>
public sealed class SingleNodeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task One_node_keeps_its_promises_when_killed_paused_and_full()
    {
        await using FaultRun run = await FaultRun.StartAsync(output, new ClusterOptions { Nodes = 1, Voters = 1, DiskMegabytes = 64 },
            new TopicPlan("idempotent") { Replicas = 1 },
            new TopicPlan("plain") { Replicas = 1, Load = new(100, IsIdempotent: false, TimeSpan.FromSeconds(6)) });
        FaultPlan plan = FaultPlan.Parse("kill all 1; pause any 7; unplug any 3, kill any 0.5; slow any 3; fill any 3; restart all 0;", 1);
        await run.ExecuteAsync(plan with { Steps = [.. plan.Steps.Where(s => run.Can(s.Kind))] });
        await run.FinishAsync();
    }
}
