using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Metadata;

public sealed class ReplicaDirectoriesTests
{
    private static readonly Guid s_first = ControlledCluster.Directory(1, 1);
    private static readonly Guid s_second = ControlledCluster.Directory(1, 2);
    private static readonly Guid s_replaced = ControlledCluster.Directory(1, 3);

    [Fact]
    public void A_failed_directory_takes_only_its_replicas_along()
    {
        var cluster = new ControlledCluster(2);
        cluster.Create("t", 2, 2);
        Assert.Equal(ErrorCode.None, Assign(cluster, 0, s_first));
        Assert.Equal(ErrorCode.None, Assign(cluster, 1, s_second));

        cluster.Beat(1, offline: [s_first]);
        Assert.Equal(ControlledCluster.Ids(2), cluster.Partition("t", 0).InSyncReplicas);
        Assert.Equal(new BrokerId(2), cluster.Partition("t", 0).Leader);
        Assert.Equal(ControlledCluster.Ids(1), cluster.Partition("t", 0).OfflineReplicas(cluster.Image));
        Assert.Contains(new BrokerId(1), cluster.Partition("t", 1).InSyncReplicas);
        Assert.Empty(cluster.Partition("t", 1).OfflineReplicas(cluster.Image));
        Assert.Equal([s_second], cluster.Broker(1).LogDirs);
        Assert.True(cluster.Broker(1).IsActive);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, [2, 1]).ErrorCode);
    }

    [Fact]
    public void A_replica_that_lies_in_a_directory_which_failed_before_it_was_told_goes_out_all_the_same()
    {
        var cluster = new ControlledCluster(2);
        cluster.Create("t", 1, 2);
        cluster.Beat(1, offline: [s_first]);
        Assert.Equal(2, cluster.Partition().InSyncReplicas.Length);
        Assert.Equal(ErrorCode.None, Assign(cluster, 0, s_first));
        Assert.Equal(ControlledCluster.Ids(2), cluster.Partition().InSyncReplicas);
        Assert.Equal(new BrokerId(2), cluster.Partition().Leader);
    }

    [Fact]
    public void A_replica_whose_log_failed_by_itself_gives_up_its_leadership_and_its_place_in_sync()
    {
        var cluster = new ControlledCluster(2);
        cluster.Create("t", 2, 2);
        var led = Enumerable.Range(0, 2).Single(i => cluster.Partition("t", i).Leader == new BrokerId(1));
        Assert.Equal(ErrorCode.None, Assign(cluster, led, DirectoryId.Lost));
        Assert.Equal((new BrokerId(2), 1), (cluster.Partition("t", led).Leader, cluster.Partition("t", led).InSyncReplicas.Length));
        Assert.Equal(2, cluster.Partition("t", 1 - led).InSyncReplicas.Length);
        Assert.Equal(2, cluster.Broker(1).LogDirs.Length);
    }

    [Fact]
    public void A_replica_made_anew_after_its_disk_was_replaced_is_not_eligible_until_it_has_caught_up()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 1, 3);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(ErrorCode.None, Assign(cluster, 0, ControlledCluster.Directory(i, 1), i));
        }

        // The first one leaves last but one, below the minimum of two in sync: it has all that is committed.
        cluster.Beat(3, wantFence: true);
        cluster.Beat(1, offline: [s_first]);
        Assert.Equal(ControlledCluster.Ids(2), cluster.Partition().InSyncReplicas);
        Assert.Equal(ControlledCluster.Ids(1), cluster.Partition().EligibleLeaderReplicas);

        var request = cluster.Registration(1, previousEpoch: cluster.Broker(1).Epoch);
        request.LogDirs = [s_second, s_replaced];
        cluster.Pass(ControlledCluster.SessionMs, 2);
        Assert.Equal(ErrorCode.None, cluster.Register(request).ErrorCode);
        Assert.Equal(ErrorCode.None, Assign(cluster, 0, s_replaced));
        cluster.Beat(1);
        cluster.Beat(2, wantFence: true);
        Assert.Equal(BrokerId.None, cluster.Partition().Leader);
        Assert.DoesNotContain(new BrokerId(1), cluster.Partition().EligibleLeaderReplicas);

        cluster.Beat(2);
        Assert.Equal(new BrokerId(2), cluster.Partition().Leader);
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, [2, 1]).ErrorCode);
        Assert.Equal(ControlledCluster.Ids(2, 1), cluster.Partition().InSyncReplicas);
    }

    [Fact]
    public void The_only_replica_leads_again_with_what_a_replaced_disk_has_and_is_known_to_have_lost_records()
    {
        var cluster = new ControlledCluster(1);
        cluster.Create("t", 1, 1);
        Assert.Equal(ErrorCode.None, Assign(cluster, 0, s_first));
        cluster.Beat(1, offline: [s_first]);
        Assert.Equal(BrokerId.None, cluster.Partition().Leader);

        cluster.BecomeActive();
        var request = cluster.Registration(1);
        request.LogDirs = [s_second, s_replaced];
        Assert.Equal(ErrorCode.None, cluster.Register(request).ErrorCode);
        Assert.Equal(ErrorCode.None, Assign(cluster, 0, s_replaced));
        cluster.Beat(1);
        Assert.Equal((new BrokerId(1), LeaderRecoveryState.Recovering), (cluster.Partition().Leader, cluster.Partition().LeaderRecoveryState));

        // The leader says that it has recovered, and nothing else changes.
        var epoch = cluster.Partition().LeaderEpoch;
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, [1]).ErrorCode);
        Assert.Equal((LeaderRecoveryState.Recovered, epoch), (cluster.Partition().LeaderRecoveryState, cluster.Partition().LeaderEpoch));
    }

    private static ErrorCode Assign(ControlledCluster cluster, int partition, Guid directory, int broker = 1)
    {
        var request = new AssignReplicasToDirsRequest
        {
            BrokerId = new BrokerId(broker),
            BrokerEpoch = cluster.Broker(broker).Epoch,
            Directories =
            [
                new()
                {
                    Id = directory,
                    Topics = [new() { TopicId = cluster.Image.TopicByName("t")!.Id, Partitions = [new() { PartitionIndex = partition }] }],
                },
            ],
        };
        var response = cluster.Commit(ReplicaDirectories.Decide(cluster.Image, request, cluster.Rules));
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return response.Directories[0].Topics[0].Partitions[0].ErrorCode;
    }
}
