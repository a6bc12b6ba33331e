using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Metadata;

public sealed class LeadershipTests
{
    private static BrokerId[] Ids(params int[] ids) => ControlledCluster.Ids(ids);

    [Fact]
    public void Who_left_an_isr_below_its_minimum_may_still_lead()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        cluster.Alter("t", 0, [leader]);
        Assert.Equal(Ids(others).ToHashSet(), cluster.Partition().EligibleLeaderReplicas.ToHashSet());

        cluster.Pass(ControlledCluster.SessionMs, others);
        var partition = cluster.Partition();
        Assert.Contains(partition.Leader.Value, others);
        Assert.Equal([partition.Leader], partition.InSyncReplicas);
        Assert.Equal(LeaderRecoveryState.Recovered, partition.LeaderRecoveryState);
        Assert.Equal(2, partition.EligibleLeaderReplicas.Length);
        Assert.DoesNotContain(partition.Leader, partition.EligibleLeaderReplicas);
    }

    [Fact]
    public void Eligible_replicas_are_forgotten_once_enough_are_in_sync()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        cluster.Alter("t", 0, [leader]);
        cluster.Alter("t", 0, [leader, others[0]]);
        Assert.Empty(cluster.Partition().EligibleLeaderReplicas);
    }

    [Fact]
    public void Who_was_killed_is_not_eligible_any_more()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        cluster.Alter("t", 0, [leader]);
        cluster.Pass(ControlledCluster.SessionMs, leader, others[1]);
        cluster.Start(others[0]);
        Assert.Equal(Ids(others[1]), cluster.Partition().EligibleLeaderReplicas);
    }

    [Fact]
    public void Who_stopped_cleanly_stays_eligible()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        cluster.Alter("t", 0, [leader]);
        cluster.Pass(ControlledCluster.SessionMs, leader, others[1]);
        cluster.Start(others[0], previousEpoch: cluster.Broker(others[0]).Epoch);
        Assert.Equal(Ids(others).ToHashSet(), cluster.Partition().EligibleLeaderReplicas.ToHashSet());
    }

    [Fact]
    public void Where_nobody_is_left_the_last_leader_comes_back_and_must_recover()
    {
        var cluster = new ControlledCluster(2);
        cluster.Create("t", 1, 2);
        var leader = cluster.Partition().Leader.Value;
        cluster.Alter("t", 0, [leader]);
        Assert.Empty(cluster.Partition().EligibleLeaderReplicas);
        cluster.Pass(ControlledCluster.SessionMs, 3 - leader);
        Assert.Equal(BrokerId.None, cluster.Partition().Leader);

        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(leader)).ErrorCode);
        Assert.Equal((0, 0), (cluster.Partition().InSyncReplicas.Length, cluster.Partition().EligibleLeaderReplicas.Length));
        Assert.Equal(Ids(leader), cluster.Partition().LastKnownElr);
        cluster.Beat(leader);
        var partition = cluster.Partition();
        Assert.Equal((new BrokerId(leader), LeaderRecoveryState.Recovering), (partition.Leader, partition.LeaderRecoveryState));
        Assert.Empty(partition.LastKnownElr);

        var recovered = cluster.Alter("t", 0, [leader]);
        Assert.Equal((ErrorCode.None, 0), (recovered.ErrorCode, recovered.LeaderRecoveryState));
    }

    [Fact]
    public void A_topic_that_allows_it_gets_an_unclean_leader_and_others_wait()
    {
        var cluster = new ControlledCluster(2);
        cluster.Create("t", 1, 2);
        cluster.Create("u", 1, 2, unclean: true);
        foreach (var topic in new[] { "t", "u" })
        {
            if (cluster.Partition(topic).Leader != new BrokerId(1))
            {
                cluster.Commit(Reassignments.Decide(cluster.Image, Move(topic, Ids(1, 2)), cluster.Rules));
                Assert.Equal(ErrorCode.None, cluster.Elect(0, topic));
            }

            cluster.Alter(topic, 0, [1]);
        }

        cluster.Pass(ControlledCluster.SessionMs, 2);
        Assert.Equal(BrokerId.None, cluster.Partition("t").Leader);
        Assert.Equal((new BrokerId(2), LeaderRecoveryState.Recovering), (cluster.Partition("u").Leader, cluster.Partition("u").LeaderRecoveryState));
        Assert.Equal(Ids(2), cluster.Partition("u").InSyncReplicas);

        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, cluster.Elect(0));
        Assert.Equal(ErrorCode.None, cluster.Elect(1));
        Assert.Equal(new BrokerId(2), cluster.Partition("t").Leader);
        Assert.Equal(ErrorCode.ElectionNotNeeded, cluster.Elect(1));
    }

    [Fact]
    public void Without_the_feature_the_last_in_sync_replica_stays_listed_and_leads_when_it_is_back()
    {
        var cluster = Three();
        cluster.Commit(new Transition<int, Protocol.Records.IMetadataRecord>(0, [new Protocol.Records.FeatureLevelRecord { Name = ClusterFeatures.EligibleLeaderReplicas }]));
        var (leader, others) = Roles(cluster);
        cluster.Alter("t", 0, [leader]);
        Assert.Empty(cluster.Partition().EligibleLeaderReplicas);
        cluster.Pass(ControlledCluster.SessionMs, others);
        Assert.Equal((BrokerId.None, 1), (cluster.Partition().Leader, cluster.Partition().InSyncReplicas.Length));
        cluster.Beat(leader);
        Assert.Equal(new BrokerId(leader), cluster.Partition().Leader);
    }

    [Fact]
    public void Leadership_goes_home_after_a_while_and_at_once_where_asked()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 6, 3);
        cluster.Pass(ControlledCluster.SessionMs, 2, 3);
        cluster.Start(1);
        for (var i = 0; i < 6; i++)
        {
            cluster.Alter("t", i, [.. new[] { cluster.Partition("t", i).Leader.Value }.Union([1, 2, 3])]);
        }

        var home = Enumerable.Range(0, 6).First(i => cluster.Partition("t", i).Replicas[0] == new BrokerId(1));
        Assert.Equal(ErrorCode.None, cluster.Elect(0, "t", home));
        Assert.Equal(ErrorCode.ElectionNotNeeded, cluster.Elect(0, "t", home));
        Assert.Contains(cluster.Image.TopicByName("t")!.Partitions, p => p.Leader != p.Replicas[0]);
        cluster.Pass(300_000, 1, 2, 3);
        Assert.All(cluster.Image.TopicByName("t")!.Partitions, p => Assert.Equal(p.Replicas[0], p.Leader));
    }

    [Fact]
    public void Elections_of_what_does_not_exist_are_refused()
    {
        var cluster = Three();
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Elect(0, "nope"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Elect(0, "t", 7));
        Assert.Equal(ErrorCode.InvalidRequest, LeaderElections.Decide(cluster.Image, new ElectLeadersRequest { ElectionType = 2 }, cluster.Rules).Response.ErrorCode);
        var all = LeaderElections.Decide(cluster.Image, new ElectLeadersRequest { TopicPartitions = null }, cluster.Rules).Response;
        Assert.Empty(Assert.Single(all.ReplicaElectionResults).PartitionResult);
    }

    [Fact]
    public void An_isr_is_changed_only_by_who_leads_and_knows_the_present_state()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        Assert.Equal(ErrorCode.NotController, cluster.Alter("t", 0, [leader], w => w.LeaderEpoch = new LeaderEpoch(5)).ErrorCode);
        Assert.Equal(ErrorCode.NotController, cluster.Alter("t", 0, [leader], w => w.PartitionEpoch = 5).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, [leader], by: others[0]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, [others[0]]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, []).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, [leader, leader]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, [leader, 9]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, [leader], w => w.LeaderRecoveryState = 1).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Alter("t", 0, [leader], w => w.PartitionIndex = 3).ErrorCode);

        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, [leader, others[0]]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidUpdateVersion, cluster.Alter("t", 0, [leader], w => w.PartitionEpoch = 0).ErrorCode);
        cluster.Beat(leader, wantShutDown: true);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, cluster.Alter("t", 0, [leader], w => w.LeaderEpoch = new LeaderEpoch(0), by: leader).ErrorCode);
    }

    [Fact]
    public void A_replica_that_is_fenced_stops_or_was_started_anew_does_not_get_into_an_isr()
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        var before = cluster.Broker(others[0]).Epoch;
        cluster.Pass(ControlledCluster.SessionMs, leader, others[1]);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, [leader, .. others]).ErrorCode);
        cluster.Start(others[0]);
        Assert.Equal(
            ErrorCode.IneligibleReplica,
            cluster.Alter("t", 0, [leader, .. others], w => w.NewIsrWithEpochs.Single(b => b.BrokerId.Value == others[0]).BrokerEpoch = before).ErrorCode);
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, [leader, .. others]).ErrorCode);
        cluster.Beat(others[1], wantShutDown: true);
        cluster.Beat(others[0], wantFence: true);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, [leader, others[0]]).ErrorCode);
    }

    [Theory]
    [InlineData(0, ErrorCode.OperationNotAttempted, ErrorCode.UnknownTopicOrPartition)]
    [InlineData(2, ErrorCode.IneligibleReplica, ErrorCode.UnknownTopicId)]
    [InlineData(3, ErrorCode.IneligibleReplica, ErrorCode.UnknownTopicId)]
    public void Leaders_of_every_release_are_understood_and_told_what_they_know(short version, ErrorCode ineligible, ErrorCode unknown)
    {
        var cluster = Three();
        var (leader, others) = Roles(cluster);
        cluster.Beat(others[1], wantFence: true);
        Assert.Equal(ineligible, Alter([leader, .. others], "t"));
        Assert.Equal(unknown, Alter([leader], "no-such-topic"));
        Assert.Equal(ErrorCode.None, Alter([leader], "t"));
        Assert.Equal(ControlledCluster.Ids(leader), cluster.Partition().InSyncReplicas);

        ErrorCode Alter(int[] isr, string topic) => cluster.Commit(IsrAlteration.Decide(
            cluster.Image,
            new AlterPartitionRequest
            {
                BrokerId = new BrokerId(leader),
                BrokerEpoch = cluster.Broker(leader).Epoch,
                Topics =
                [
                    new()
                    {
                        // Names in the first two versions, ids from then on; epochs of brokers came last.
                        TopicName = version < 2 ? topic : "",
                        TopicId = version < 2 ? TopicId.None : cluster.Image.TopicByName(topic)?.Id ?? new TopicId(Guid.NewGuid()),
                        Partitions =
                        [
                            new()
                            {
                                LeaderEpoch = cluster.Partition().LeaderEpoch,
                                PartitionEpoch = cluster.Partition().PartitionEpoch,
                                NewIsr = version < 3 ? ControlledCluster.Ids(isr) : [],
                                NewIsrWithEpochs = version < 3 ? [] : [.. isr.Select(b => new AlterPartitionRequest.BrokerState { BrokerId = new BrokerId(b), BrokerEpoch = -1 })],
                            },
                        ],
                    },
                ],
            },
            version,
            cluster.Rules)).Topics[0].Partitions[0].ErrorCode;
    }

    [Fact]
    public void A_request_of_an_earlier_incarnation_changes_nothing()
    {
        var cluster = Three();
        var request = new AlterPartitionRequest { BrokerId = new BrokerId(1), BrokerEpoch = cluster.Broker(1).Epoch - 1 };
        Assert.Equal(ErrorCode.StaleBrokerEpoch, IsrAlteration.Decide(cluster.Image, request, 3, cluster.Rules).Response.ErrorCode);
        var unknown = new AlterPartitionRequest
        {
            BrokerId = new BrokerId(1),
            BrokerEpoch = cluster.Broker(1).Epoch,
            Topics = [new() { TopicId = new TopicId(Guid.NewGuid()), Partitions = [new()] }],
        };
        Assert.Equal(ErrorCode.UnknownTopicId, IsrAlteration.Decide(cluster.Image, unknown, 3, cluster.Rules).Response.Topics[0].Partitions[0].ErrorCode);
    }

    private static AlterPartitionReassignmentsRequest Move(string topic, BrokerId[] replicas) => new()
    {
        Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, Replicas = replicas }] }],
    };

    private static ControlledCluster Three()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 1, 3);
        return cluster;
    }

    private static (int Leader, int[] Others) Roles(ControlledCluster cluster)
    {
        var partition = cluster.Partition();
        return (partition.Leader.Value, [.. partition.Replicas.Where(b => b != partition.Leader).Select(b => b.Value)]);
    }
}
