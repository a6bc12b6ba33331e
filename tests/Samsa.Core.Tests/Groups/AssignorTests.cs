using CsCheck;
using Samsa.Core.Groups.Consumer;
using Samsa.Core.Groups.Consumer.Assignors;
using Samsa.Model;

namespace Samsa.Core.Tests.Groups;

public sealed class AssignorTests
{
    private static readonly TopicId[] s_topics = [.. Enumerable.Range(1, 4).Select(i => new TopicId(new Guid(i, 0, 0, new byte[8])))];

    // For each topic its partitions, for each member the topics it wants, before and after.
    private static readonly Gen<(int[] Partitions, int[] Before, int[] After)> s_changes =
        Gen.Select(Gen.Int[0, 9].Array[4], Gen.Int[0, 15].Array[1, 6], Gen.Int[0, 15].Array[1, 6]);

    [Theory]
    [InlineData("uniform")]
    [InlineData("range")]
    public void Each_partition_has_exactly_one_member_and_that_subscribed_to_it(string name) => s_changes.Sample(change =>
    {
        var (members, assigned) = Assign(name, change.Partitions, change.Before, change.After);
        var expected = members.SelectMany(m => m.Topics).Distinct().SelectMany(t => Enumerable.Range(0, t.Partitions).Select(p => new TopicIdPartition(t.Id, p)));
        Assert.Equal(expected.Order(), assigned.Values.SelectMany(p => p).Order());
        Assert.All(members, m => Assert.Subset(m.Topics.Select(t => t.Id).ToHashSet(), assigned[m.Id].Select(p => p.Topic).ToHashSet()));
    });

    [Fact]
    public void Uniform_shares_are_as_alike_as_subscriptions_allow() => s_changes.Sample(change =>
    {
        var (members, assigned) = Assign("uniform", change.Partitions, change.Before, change.After);
        foreach (var most in members)
        {
            foreach (var partition in assigned[most.Id])
            {
                foreach (var least in members.Where(m => m.Topics.Any(t => t.Id == partition.Topic)))
                {
                    Assert.True(assigned[most.Id].Count <= assigned[least.Id].Count + 1);
                }
            }
        }
    });

    [Fact]
    public void Uniform_moves_no_more_than_it_must() => Gen.Select(Gen.Int[0, 40], Gen.Int[1, 6], Gen.Int[1, 6]).Sample((partitions, before, after) =>
    {
        var first = Assign("uniform", [partitions, 0, 0, 0], [.. Enumerable.Repeat(1, before)], [.. Enumerable.Repeat(1, before)]).Assigned;
        var members = Enumerable.Range(0, after).Select(i => Member(i, [partitions, 0, 0, 0], 1, first.GetValueOrDefault($"m{i}") ?? TopicIdPartitions.None)).ToArray();
        var second = PartitionAssignors.Find("uniform").Assign(members);
        var kept = members.Sum(m => m.Previous.Count(second[m.Id].Contains));
        var quotas = second.Values.Select(p => p.Count).OrderDescending();
        var had = members.Select(m => m.Previous.Count).OrderDescending();
        Assert.Equal(quotas.Zip(had).Sum(p => Math.Min(p.First, p.Second)), kept);
    });

    [Fact]
    public void Range_gives_the_same_numbers_of_topics_alike_to_the_same_member()
    {
        var assigned = Assign("range", [5, 5, 3, 0], [3, 3, 7], [3, 3, 7]).Assigned;
        Assert.Equal([0, 1], assigned["m0"].Where(p => p.Topic == s_topics[0]).Select(p => p.Partition).Order());
        Assert.All(assigned.Values, a => Assert.Equal(
            a.Where(p => p.Topic == s_topics[0]).Select(p => p.Partition).Order(), a.Where(p => p.Topic == s_topics[1]).Select(p => p.Partition).Order()));
        Assert.Equal(3, assigned["m2"].Count(p => p.Topic == s_topics[2]));
    }

    private static (AssignableMember[] Members, IReadOnlyDictionary<string, IReadOnlySet<TopicIdPartition>> Assigned) Assign(
        string name, int[] partitions, int[] before, int[] after)
    {
        var assignor = PartitionAssignors.Find(name);
        var first = assignor.Assign([.. before.Select((wants, i) => Member(i, partitions, wants, TopicIdPartitions.None))]);
        AssignableMember[] members = [.. after.Select((wants, i) => Member(i, partitions, wants, first.GetValueOrDefault($"m{i}") ?? TopicIdPartitions.None))];
        return (members, assignor.Assign(members));
    }

    private static AssignableMember Member(int index, int[] partitions, int wants, IReadOnlySet<TopicIdPartition> previous) => new(
        $"m{index}", null, [.. s_topics.Select((t, i) => new AssignableTopic(t, partitions[i])).Where((_, i) => (wants & (1 << i)) != 0)], previous);
}
