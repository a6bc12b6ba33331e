using System.Globalization;
using Samsa.Cluster.Tests.Faults;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>Plans of faults under load: those that once found a bug, one by lot, and as long a one as is asked for.</summary>
public sealed class FaultPlansTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(3, "pause leader 12; cut controller 8, kill leader 2; mute leader 8; slow follower 5; fill leader 4; unplug controller 6;")]
    public async Task Nothing_is_lost_repeated_or_reordered_by(int nodes, string plan)
    {
        await using FaultRun run = await StartAsync(nodes);
        FaultPlan whole = FaultPlan.Parse(plan, 1);
        await run.ExecuteAsync(whole with { Steps = [.. whole.Steps.Where(s => run.Can(s.Kind))] });
        await run.FinishAsync();
    }

    /// <summary>`./test --faults [--minutes N] [--seed N] [--nodes N] [--plan 'kill leader 3;']`, which sets the variables; else a short one, or a longer one where CI is set.</summary>
    [Fact]
    public async Task Nothing_is_lost_repeated_or_reordered_by_faults_by_lot()
    {
        await using FaultRun run = await StartAsync(Wish("NODES", 3));
        string? plan = Environment.GetEnvironmentVariable("FAULT_PLAN");
        int seed = Wish("SEED", Random.Shared.Next(1_000_000));
        await run.ExecuteAsync(plan is { Length: > 0 } ? FaultPlan.Parse(plan, seed) : FaultPlan.Random(seed, TimeSpan.FromSeconds(60 * Wish("MINUTES", 0) is > 0 and var wished ? wished : IsCi ? 120 : 20), run.Can));
        await run.FinishAsync();
    }

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") is { Length: > 0 };

    private Task<FaultRun> StartAsync(int nodes) => FaultRun.StartAsync(output, ThreeNodes.Options with { Nodes = nodes, Voters = nodes },
    [
        new("idempotent") { Replicas = Replicas(nodes) },
        new("plain") { Replicas = Replicas(nodes), Load = new(60, IsIdempotent: false, TimeSpan.FromSeconds(60)), Partitions = 2 },
        new("impatient") { Replicas = Replicas(nodes), Load = new(60, IsIdempotent: true, TimeSpan.FromSeconds(4)), Partitions = 2, Readers = 0 },
    ]);

    private static short Replicas(int nodes) => (short)Math.Min(nodes, 3);

    private static int Wish(string name, int otherwise) =>
        Environment.GetEnvironmentVariable($"FAULT_{name}") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
