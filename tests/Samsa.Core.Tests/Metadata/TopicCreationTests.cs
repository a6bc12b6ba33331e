using CsCheck;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

public sealed class TopicCreationTests
{
    [Fact]
    public void A_topic_gets_defaults_where_nothing_is_asked()
    {
        var cluster = new Cluster(1);
        var result = cluster.Create("orders");
        Assert.Equal(ErrorCode.None, result.Error);
        Assert.Equal((1, (short)1), (result.Partitions, result.ReplicationFactor));
        var partition = Assert.Single(cluster.Image.TopicByName("orders")!.Partitions);
        Assert.Equal(new BrokerId(1), partition.Leader);
        Assert.Equal(0, partition.LeaderEpoch.Value);
    }

    [Theory]
    [InlineData("", ErrorCode.InvalidTopicException)]
    [InlineData(".", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("../../evil", ErrorCode.InvalidTopicException)]
    [InlineData("a b", ErrorCode.InvalidTopicException)]
    [InlineData("é", ErrorCode.InvalidTopicException)]
    [InlineData("__cluster_metadata", ErrorCode.InvalidRequest)]
    public void A_name_that_is_no_name_is_refused(string name, ErrorCode error)
    {
        var cluster = new Cluster(1);
        Assert.Equal(error, cluster.Create(name).Error);
        Assert.Empty(cluster.Image.Topics);
    }

    [Fact]
    public void Names_up_to_249_characters_are_taken_and_no_longer_ones()
    {
        var cluster = new Cluster(1);
        Assert.Equal(ErrorCode.None, cluster.Create(new string('y', 249)).Error);
        Assert.Equal(ErrorCode.InvalidTopicException, cluster.Create(new string('y', 250)).Error);
    }

    [Fact]
    public void Dots_and_underscores_collide_also_within_one_request()
    {
        var cluster = new Cluster(1);
        cluster.Create("col.a");
        Assert.Equal("Topic 'col_a' collides with existing topic: col.a", cluster.Create("col_a").Message);
        var both = cluster.Create(Cluster.Topic("x.y"), Cluster.Topic("x_y"));
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidTopicException], both.Select(r => r.Error));
    }

    [Fact]
    public void More_replicas_than_brokers_are_refused_on_one_broker_too()
    {
        var cluster = new Cluster(1);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, cluster.Create("t", 1, 2).Error);
        Assert.Equal(ErrorCode.InvalidReplicationFactor, cluster.Create("t", 1, 0).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, cluster.Create("t", 0, 1).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, cluster.Create("t", -2, 1).Error);
        Assert.Equal(ErrorCode.PolicyViolation, cluster.Create("t", 200_000, 1).Error);
    }

    [Fact]
    public void One_topic_refused_does_not_stop_the_others()
    {
        var cluster = new Cluster(1);
        var results = cluster.Create(Cluster.Topic("a"), Cluster.Topic("b", configs: ("bad", "1")), Cluster.Topic("c"));
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidConfig, ErrorCode.None], results.Select(r => r.Error));
        Assert.Equal(["a", "c"], cluster.Image.Topics.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Assignments_by_hand_are_checked()
    {
        var cluster = new Cluster(1, 2);
        NewTopicResult Try(params (int, BrokerId[])[] assignments) =>
            cluster.Create(new NewTopic("hand", -1, -1, assignments, new Dictionary<string, string?>()))[0];

        BrokerId one = new(1), two = new(2), nine = new(9);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Try((0, [one, one])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Try((0, [])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Try((1, [one])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Try((0, [nine])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Try((0, [one]), (1, [one, two])).Error);
        Assert.Equal(ErrorCode.None, Try((1, [two, one]), (0, [one, two])).Error);
        Assert.Equal([one, two], cluster.Image.TopicByName("hand")!.Partitions.Select(p => p.Leader));
    }

    [Fact]
    public void Leaders_are_spread_evenly_and_replicas_differ() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 40], Gen.Int[1, 3]).Sample((brokers, partitions, factor) =>
    {
        factor = Math.Min(factor, brokers);
        var cluster = new Cluster([.. Enumerable.Range(1, brokers)]);
        cluster.Create("first", 7, 1);
        cluster.Create("t", partitions, (short)factor);
        var placed = cluster.Image.TopicByName("t")!.Partitions;
        Assert.All(placed, p => Assert.Equal(factor, p.Replicas.Distinct().Count()));
        var leaders = placed.CountBy(p => p.Leader).Select(c => c.Value).ToArray();
        Assert.True(leaders.Max() - (leaders.Length < brokers ? 0 : leaders.Min()) <= 1);
    });
}
