using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Tests.Metadata;

public sealed class PartitionCreationTests
{
    [Fact]
    public void New_partitions_follow_the_present_ones_with_as_many_replicas()
    {
        var cluster = new Cluster(1, 2, 3);
        cluster.Create("t", 2, 2);
        Assert.Equal(ErrorCode.None, Grow(cluster, "t", 5).Error);
        var partitions = cluster.Image.TopicByName("t")!.Partitions;
        Assert.Equal([0, 1, 2, 3, 4], partitions.Select(p => p.Partition));
        Assert.All(partitions, p => Assert.Equal((2, 2, p.Replicas[0]), (p.Replicas.Distinct().Count(), p.InSyncReplicas.Length, p.Leader)));
        Assert.Equal(3, partitions.Select(p => p.Leader).Distinct().Count());
    }

    [Theory]
    [InlineData("t", 2, ErrorCode.InvalidPartitions, "Topic already has 2 partition(s).")]
    [InlineData("t", 1, ErrorCode.InvalidPartitions, "The topic t currently has 2 partition(s); 1 would not be an increase.")]
    [InlineData("t", -1, ErrorCode.InvalidPartitions, "The topic t currently has 2 partition(s); -1 would not be an increase.")]
    [InlineData("t", int.MaxValue, ErrorCode.PolicyViolation, "Excessively large number of partitions per request.")]
    [InlineData("none", 3, ErrorCode.UnknownTopicOrPartition, null)]
    public void What_is_no_increase_is_refused(string topic, int count, ErrorCode error, string? message)
    {
        var cluster = new Cluster(1);
        cluster.Create("t", 2);
        var result = Grow(cluster, topic, count);
        Assert.Equal(error, result.Error);
        Assert.Equal(message ?? result.Message, result.Message);
        Assert.Equal(2, cluster.Image.PartitionCount);
    }

    [Fact]
    public void An_assignment_by_hand_is_checked()
    {
        var cluster = new Cluster(1, 2);
        cluster.Create("t", 1, 1);
        Assert.Equal("Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.", Grow(cluster, "t", 3, [1]).Message);
        Assert.Equal("The manual partition assignment includes the broker 1 more than once.", Grow(cluster, "t", 2, [1, 1]).Message);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Grow(cluster, "t", 2, [1, 2]).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Grow(cluster, "t", 2, [9]).Error);
        Assert.Equal(ErrorCode.None, Grow(cluster, "t", 2, [2]).Error);
        Assert.Equal(new BrokerId(2), cluster.Image.TopicByName("t")!.Partitions[1].Leader);
    }

    [Fact]
    public void A_fenced_broker_gets_no_leadership_and_is_not_in_sync()
    {
        var cluster = new Cluster(1, 2);
        cluster.Create("t", 1, 2);
        cluster.Create("u", 1, 1);
        cluster.Commit<int>(new(0, [new FenceBrokerRecord { Id = new BrokerId(1) }]));
        Assert.Equal(ErrorCode.None, Grow(cluster, "t", 2, [1, 2]).Error);
        var partition = cluster.Image.TopicByName("t")!.Partitions[1];
        Assert.Equal((new BrokerId(2), 1), (partition.Leader, partition.InSyncReplicas.Length));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Grow(cluster, "u", 2, [1]).Error);
    }

    private static TopicGrowthResult Grow(Cluster cluster, string topic, int count, params int[][] assignments) =>
        cluster.Commit(PartitionCreation.Decide(
            cluster.Image,
            [new TopicGrowth(topic, count, assignments.Length == 0 ? null : Array.ConvertAll(assignments, a => Array.ConvertAll(a, b => new BrokerId(b))))]))[0];
}
