using CsCheck;
using Samsa.Core.Groups;

namespace Samsa.Core.Tests.Groups;

public sealed class ClassicGroupPropertyTests
{
    private const int Clients = 5;

    private static readonly Gen<(int What, int Who, int Ms)[]> s_plans =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Clients - 1], Gen.Int[0, 15_000]).Array[0, 60];

    [Theory]
    [InlineData(0, false)]
    [InlineData(3000, false)]
    [InlineData(0, true)]
    public void Whatever_happens_a_group_left_alone_becomes_stable_with_disjoint_and_complete_assignments(int delayMs, bool cooperative) => s_plans.Sample(
        plan =>
        {
            var harness = new GroupHarness(new GroupSettings { InitialRebalanceDelayMs = delayMs });
            var clients = Enumerable.Range(0, Clients).Select(i => new ClassicClient(harness, i == 0 ? "static-0" : null, cooperative)).ToArray();
            foreach (var (what, who, ms) in plan)
            {
                Act(harness, clients, what, who, ms);
                AssertDisjoint(clients);
            }

            for (var i = 0; i < 200; i++)
            {
                harness.Advance(1000);
                foreach (var client in clients)
                {
                    client.Step();
                }
            }

            var generations = clients.Select(c => c.Generation).Distinct().ToArray();
            Assert.Single(generations);
            Assert.All(clients, c => Assert.NotNull(c.Assignment));
            Assert.Equal(Enumerable.Range(0, 4), clients.SelectMany(c => c.Assignment!).Order());
            Assert.Equal("Stable", Assert.Single(harness.Shard.Groups).StateName);
        },
        iter: 300);

    private static void Act(GroupHarness harness, ClassicClient[] clients, int what, int who, int ms)
    {
        switch (what)
        {
            case 0:
                clients[who].Leave();
                break;
            case 1:
                clients[who].Restart();
                break;
            case 2:
                harness.Compact(ms % 50);
                harness.Crash();
                Array.ForEach(clients, c => c.LoseConnection());
                break;
            case 3:
                harness.Advance(ms);
                break;
            case 4:
                harness.Advance(100);
                break;
            default:
                clients[who].Step();
                break;
        }
    }

    // Members of one generation never hold the same partition; those that lag behind are fenced by their generation.
    private static void AssertDisjoint(ClassicClient[] clients)
    {
        foreach (var generation in clients.Where(c => c.Assignment is not null).GroupBy(c => c.Generation))
        {
            var partitions = generation.DistinctBy(c => c.MemberId).SelectMany(c => c.Assignment!).ToArray();
            Assert.Equal(partitions.Length, partitions.Distinct().Count());
        }
    }
}
