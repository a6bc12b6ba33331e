using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Metadata;

public sealed class ReassignmentTests
{
    private static BrokerId[] Ids(params int[] ids) => ControlledCluster.Ids(ids);

    [Fact]
    public void A_move_is_done_when_all_new_replicas_are_in_sync_and_the_leader_is_told()
    {
        var cluster = Five();
        Assert.Equal(ErrorCode.None, cluster.Reassign("t", 0, [4, 5, 3]));
        var moving = cluster.Partition();
        Assert.Equal(Ids(4, 5, 3, 1, 2), moving.Replicas);
        Assert.Equal(Ids(4, 5), moving.AddingReplicas);
        Assert.Equal(Ids(1, 2), moving.RemovingReplicas);
        Assert.Equal((new BrokerId(1), 0), (moving.Leader, moving.LeaderEpoch.Value));
        var listed = Assert.Single(Assert.Single(List(cluster).Topics).Partitions);
        Assert.Equal((Ids(4, 5), Ids(1, 2)), (listed.AddingReplicas, listed.RemovingReplicas), new ByElements());

        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, [1, 2, 3, 4]).ErrorCode);
        Assert.True(cluster.Partition().IsReassigning);
        Assert.Equal(ErrorCode.NewLeaderElected, cluster.Alter("t", 0, [1, 2, 3, 4, 5]).ErrorCode);
        var moved = cluster.Partition();
        Assert.Equal(Ids(4, 5, 3), moved.Replicas);
        Assert.Equal(Ids(3, 4, 5).ToHashSet(), moved.InSyncReplicas.ToHashSet());
        Assert.Equal((new BrokerId(4), 1), (moved.Leader, moved.LeaderEpoch.Value));
        Assert.False(moved.IsReassigning);
        Assert.Equal(3, moved.Directories.Length);
        Assert.Empty(List(cluster).Topics);
    }

    [Fact]
    public void A_move_is_cancelled_without_a_trace()
    {
        var cluster = Five();
        Assert.Equal(ErrorCode.NoReassignmentInProgress, cluster.Reassign("t", 0, null));
        cluster.Reassign("t", 0, [4, 5, 3]);
        cluster.Alter("t", 0, [1, 2, 3, 4]);
        Assert.Equal(ErrorCode.None, cluster.Reassign("t", 0, null));
        var partition = cluster.Partition();
        Assert.Equal(Ids(1, 2, 3).ToHashSet(), partition.Replicas.ToHashSet());
        Assert.Equal(Ids(1, 2, 3).ToHashSet(), partition.InSyncReplicas.ToHashSet());
        Assert.Equal((new BrokerId(1), false), (partition.Leader, partition.IsReassigning));
    }

    [Fact]
    public void A_move_that_replaces_another_drops_what_only_that_one_wanted()
    {
        var cluster = Five();
        cluster.Reassign("t", 0, [4, 2, 3]);
        cluster.Alter("t", 0, [1, 2, 3]);
        cluster.Reassign("t", 0, [5, 2, 3]);
        var partition = cluster.Partition();
        Assert.Equal(Ids(5, 2, 3, 1), partition.Replicas);
        Assert.Equal((Ids(5), Ids(1)), (partition.AddingReplicas, partition.RemovingReplicas), new ByElements());
    }

    [Fact]
    public void The_number_of_replicas_changes_where_the_request_allows_it()
    {
        var cluster = Five();
        Assert.Equal(ErrorCode.InvalidReplicationFactor, cluster.Reassign("t", 0, [1, 2], mayChangeFactor: false));
        Assert.Equal(ErrorCode.None, cluster.Reassign("t", 0, [1, 2]));
        Assert.Equal(Ids(1, 2), cluster.Partition().Replicas);
        Assert.Equal(1, cluster.Partition().LeaderEpoch.Value);
        Assert.Equal(ErrorCode.None, cluster.Reassign("t", 0, [1, 2, 3, 4]));
        Assert.Equal(Ids(3, 4), cluster.Partition().AddingReplicas);
    }

    [Fact]
    public void Another_order_changes_who_is_preferred_and_nothing_else()
    {
        var cluster = Five();
        cluster.Reassign("t", 0, [3, 2, 1]);
        var partition = cluster.Partition();
        Assert.Equal(Ids(3, 2, 1), partition.Replicas);
        Assert.Equal((new BrokerId(1), 0, false), (partition.Leader, partition.LeaderEpoch.Value, partition.IsReassigning));
        Assert.Equal(ErrorCode.None, cluster.Elect(0));
        Assert.Equal(new BrokerId(3), cluster.Partition().Leader);
    }

    [Fact]
    public void A_move_that_makes_no_sense_is_refused()
    {
        var cluster = Five();
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Reassign("t", 0, []));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Reassign("t", 0, [1, 1]));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Reassign("t", 0, [9]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Reassign("nope", 0, [1]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Reassign("t", 1, [1]));
        Assert.Equal(0, cluster.Partition().PartitionEpoch);
    }

    [Fact]
    public void A_cancellation_that_would_lose_records_is_refused()
    {
        var cluster = Five();
        cluster.Reassign("t", 0, [4, 5]);
        cluster.Alter("t", 0, [1, 2, 3, 4]);
        foreach (var original in new[] { 2, 3, 1 })
        {
            cluster.Beat(original, wantFence: true);
        }

        Assert.Equal(Ids(4), cluster.Partition().InSyncReplicas);
        Assert.Equal(Ids(1), cluster.Partition().EligibleLeaderReplicas);
        cluster.Pass(ControlledCluster.SessionMs, 4, 5);
        cluster.Start(1);
        Assert.Empty(cluster.Partition().EligibleLeaderReplicas);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Reassign("t", 0, null));
    }

    private static ListPartitionReassignmentsResponse List(ControlledCluster cluster) =>
        Reassignments.List(cluster.Image, new ListPartitionReassignmentsRequest());

    private static ControlledCluster Five()
    {
        var cluster = new ControlledCluster(5);
        cluster.Create("t", 1, 3);
        var start = cluster.Partition().Replicas;
        if (!start.AsSpan().SequenceEqual(Ids(1, 2, 3)))
        {
            throw new InvalidOperationException($"The placement changed: {string.Join(',', start)}");
        }

        return cluster;
    }

    private sealed class ByElements : IEqualityComparer<(BrokerId[] First, BrokerId[] Second)>
    {
        public bool Equals((BrokerId[] First, BrokerId[] Second) x, (BrokerId[] First, BrokerId[] Second) y) =>
            x.First.AsSpan().SequenceEqual(y.First) && x.Second.AsSpan().SequenceEqual(y.Second);

        public int GetHashCode((BrokerId[] First, BrokerId[] Second) obj) => obj.First.Length;
    }
}
