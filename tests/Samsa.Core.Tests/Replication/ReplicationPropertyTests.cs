using CsCheck;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

public sealed class ReplicationPropertyTests
{
    private static readonly Gen<(int What, int Who, int How)[]> s_plans =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 4], Gen.Int[0, 60]).Array[0, 250];

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    public void Whatever_is_lost_delayed_or_dies_what_was_committed_stays_and_in_the_end_all_replicas_are_equal(int replicas, int minInSync) =>
        s_plans.Sample(plan => Live(plan, replicas, minInSync), iter: 3000, print: Print);

    /// <summary>A seed of the property above that failed: an answer from before a cut came when the log was as long as before again.</summary>
    [Fact]
    public void An_answer_that_a_cut_has_overtaken_does_nothing() =>
        s_plans.Sample(plan => Live(plan, replicas: 4, minInSync: 2), seed: "aPrO7bd7jus4", iter: 1, print: Print);

    /// <summary>A seed that failed as long as the model had several Fetches of one follower under way: one was counted when another was about to cut.</summary>
    [Fact]
    public void A_follower_is_not_counted_by_one_fetch_and_cut_by_another() =>
        s_plans.Sample(plan => Live(plan, replicas: 2, minInSync: 1), seed: "3w-esVvXL-m4", iter: 1, print: Print);

    private static void Live((int What, int Who, int How)[] plan, int replicas, int minInSync)
    {
        var model = new ReplicationModel(replicas, minInSync);
        foreach (var (what, who, how) in plan)
        {
            model.Do(what, who, how);
        }

        model.Heal();
        Assert.NotEqual(BrokerId.None, model.Image.Leader);
        Assert.Equal(replicas, model.Image.InSyncReplicas.Length);
        var leader = model.Replicas[model.Image.Leader.Value - 1];
        Assert.NotEmpty(model.Committed);
        Assert.Equal(leader.Log.End, leader.HighWatermark);
        foreach (var replica in model.Replicas)
        {
            Assert.Equal(leader.Log.End, replica.Log.End);
            for (var offset = Math.Max(leader.Log.Start, replica.Log.Start); offset < leader.Log.End; offset++)
            {
                Assert.Equal(leader.Log[offset], replica.Log[offset]);
            }
        }
    }

    private static string Print((int What, int Who, int How)[] plan) => string.Join(' ', plan.Select(s => $"({s.What},{s.Who},{s.How})"));
}
