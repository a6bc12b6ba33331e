using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Core.Tests.Metadata;

public sealed class BrokerLifeTests
{
    [Fact]
    public void A_broker_begins_fenced_and_serves_once_it_knows_of_its_own_registration()
    {
        var cluster = new ControlledCluster();
        var registered = cluster.Register(cluster.Registration(1));
        Assert.Equal(ErrorCode.None, registered.ErrorCode);
        Assert.Equal(registered.BrokerEpoch, cluster.Broker(1).Epoch);
        Assert.Equal(cluster.Log.Count - 1, registered.BrokerEpoch);
        Assert.True(cluster.Broker(1).Fenced);

        var early = cluster.Beat(1, offset: registered.BrokerEpoch - 1);
        Assert.Equal((true, false), (early.IsFenced, early.IsCaughtUp));
        var later = cluster.Beat(1, offset: registered.BrokerEpoch);
        Assert.Equal((false, true), (later.IsFenced, later.IsCaughtUp));
        Assert.True(cluster.Broker(1).IsActive);
    }

    [Fact]
    public void The_first_broker_of_a_cluster_finalizes_its_features_and_the_third_its_minimum_in_sync()
    {
        var cluster = new ControlledCluster(1);
        Assert.Equal(ClusterFeatures.Supported.ToDictionary(f => f.Name, f => f.MaxLevel), cluster.Image.Features.ToDictionary());
        cluster.Start(2);
        Assert.Empty(cluster.Image.ConfigsOf(ConfigResource.EveryBroker));
        cluster.Start(3);
        Assert.Equal("2", cluster.Image.ConfigsOf(ConfigResource.EveryBroker)["min.insync.replicas"]);
        cluster.Start(4);
        Assert.Single(cluster.Image.Configs);
    }

    [Fact]
    public void Brokers_of_other_clusters_and_brokers_that_make_no_sense_are_refused()
    {
        var cluster = new ControlledCluster(1);
        var foreign = cluster.Registration(2);
        foreign.ClusterId = "another";
        Assert.Equal(ErrorCode.InconsistentClusterId, cluster.Register(foreign).ErrorCode);

        var mute = cluster.Registration(2);
        mute.Listeners = [];
        Assert.Equal(ErrorCode.InvalidRegistration, cluster.Register(mute).ErrorCode);

        var thief = cluster.Registration(2);
        thief.LogDirs = [ControlledCluster.Directory(1, 1)];
        Assert.Equal(ErrorCode.InvalidRegistration, cluster.Register(thief).ErrorCode);

        var old = cluster.Registration(2);
        old.Features = [];
        Assert.Equal(ErrorCode.UnsupportedVersion, cluster.Register(old).ErrorCode);
        Assert.Single(cluster.Image.Brokers);
    }

    [Fact]
    public void Two_processes_with_one_id_are_told_so_while_the_first_lives()
    {
        var cluster = new ControlledCluster(2);
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, cluster.Register(cluster.Registration(1)).ErrorCode);
        cluster.Pass(ControlledCluster.SessionMs, 2);
        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(1)).ErrorCode);
    }

    [Fact]
    public void A_controller_that_only_assumes_that_a_broker_lives_lets_its_successor_in()
    {
        var cluster = new ControlledCluster(1);
        cluster.BecomeActive();
        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(1)).ErrorCode);
    }

    [Fact]
    public void The_same_process_may_register_again_and_keeps_its_epoch()
    {
        var cluster = new ControlledCluster();
        var request = cluster.Registration(1);
        var epoch = cluster.Register(request).BrokerEpoch;
        cluster.Beat(1);
        Assert.Equal(epoch, cluster.Register(request).BrokerEpoch);
        Assert.True(cluster.Broker(1).IsActive);
    }

    [Fact]
    public void A_heartbeat_of_an_earlier_incarnation_is_stale()
    {
        var cluster = new ControlledCluster(1);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, cluster.Beat(1, epoch: cluster.Broker(1).Epoch - 1).ErrorCode);
    }

    [Fact]
    public void A_silent_broker_is_fenced_and_others_lead_until_it_is_back()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 3, 3);
        var led = Enumerable.Range(0, 3).Single(i => cluster.Partition("t", i).Leader == new BrokerId(1));
        cluster.Pass(ControlledCluster.SessionMs - 1, 2, 3);
        Assert.False(cluster.Broker(1).Fenced);
        cluster.Pass(1, 2, 3);
        Assert.True(cluster.Broker(1).Fenced);
        Assert.All(cluster.Image.TopicByName("t")!.Partitions, p => Assert.DoesNotContain(new BrokerId(1), p.InSyncReplicas));
        Assert.Equal(1, cluster.Partition("t", led).LeaderEpoch.Value);
        Assert.All(cluster.Image.TopicByName("t")!.Partitions.Where(p => p.Partition != led), p => Assert.Equal(0, p.LeaderEpoch.Value));

        Assert.False(cluster.Beat(1).IsFenced);
        Assert.NotEqual(new BrokerId(1), cluster.Partition("t", led).Leader);
    }

    [Fact]
    public void Brokers_are_fenced_one_after_the_other_the_one_silent_for_longest_first()
    {
        var cluster = new ControlledCluster(3);
        cluster.Pass(1000, 1, 2);
        cluster.Pass(1000, 1);
        for (var waited = 0; waited < 4000; waited += 500)
        {
            cluster.Active.Advance(cluster.Image, cluster.NowMs + waited);
        }

        cluster.Active.Advance(cluster.Image, cluster.NowMs + 4000);
        cluster.Active.Advance(cluster.Image, cluster.NowMs + 8000);
        var at = cluster.NowMs + ControlledCluster.SessionMs;
        cluster.Active.Advance(cluster.Image, at);
        Assert.Equal(new BrokerId(3), cluster.Commit(cluster.Active.Act(cluster.Image, at)));
        Assert.Equal(new BrokerId(2), cluster.Commit(cluster.Active.Act(cluster.Image, at)));
        Assert.Equal(new BrokerId(1), cluster.Commit(cluster.Active.Act(cluster.Image, at)));
        Assert.Empty(cluster.Active.Act(cluster.Image, at).Records);
    }

    [Fact]
    public void A_new_controller_gives_everybody_a_full_session()
    {
        var cluster = new ControlledCluster(2);
        cluster.Pass(ControlledCluster.SessionMs - 1000, 2);
        cluster.BecomeActive();
        cluster.Pass(ControlledCluster.SessionMs - 1, 2);
        Assert.False(cluster.Broker(1).Fenced);
        cluster.Pass(1, 2);
        Assert.True(cluster.Broker(1).Fenced);
    }

    [Fact]
    public void A_controller_that_hears_of_nobody_at_all_fences_nobody()
    {
        var cluster = new ControlledCluster(2);
        cluster.BecomeActive();
        cluster.Pass(10 * ControlledCluster.SessionMs);
        Assert.All(cluster.Image.Brokers.Values, b => Assert.False(b.Fenced));
        cluster.Beat(2);
        cluster.Act();
        Assert.True(cluster.Broker(1).Fenced);
        Assert.False(cluster.Broker(2).Fenced);
    }

    [Fact]
    public void A_broker_whose_connection_is_lost_is_fenced_unless_it_is_back_soon()
    {
        var cluster = new ControlledCluster(3);
        cluster.Beat(1, connection: 11L);
        cluster.Beat(2, connection: 12L);
        cluster.Lose(11);
        cluster.Lose(12);
        cluster.Pass(100, 3);
        cluster.Beat(2, connection: 13L);
        cluster.Pass(ControlledCluster.ReturnMs - 101, 3);
        Assert.False(cluster.Broker(1).Fenced);
        cluster.Pass(1, 3);
        Assert.True(cluster.Broker(1).Fenced);
        Assert.False(cluster.Broker(2).Fenced);
        cluster.Pass(ControlledCluster.SessionMs - ControlledCluster.ReturnMs - 1, 3);
        Assert.False(cluster.Broker(2).Fenced);
    }

    [Fact]
    public void A_connection_that_a_broker_has_left_before_does_not_matter()
    {
        var cluster = new ControlledCluster(2);
        cluster.Beat(1, connection: 11L);
        cluster.Beat(1, connection: 12L);
        cluster.Lose(11);
        cluster.Pass(ControlledCluster.SessionMs - 1, 2);
        Assert.False(cluster.Broker(1).Fenced);
    }

    [Fact]
    public void A_heartbeat_that_waited_for_its_turn_does_not_bring_back_who_is_lost()
    {
        var cluster = new ControlledCluster(2);
        cluster.Beat(1, connection: 11L);
        cluster.Lose(11);
        cluster.Beat(1);
        cluster.Pass(ControlledCluster.ReturnMs, 2);
        Assert.True(cluster.Broker(1).Fenced);
    }

    [Fact]
    public void A_new_controller_that_finds_nobody_at_a_brokers_address_does_not_give_it_a_full_session()
    {
        var cluster = new ControlledCluster(3);
        cluster.BecomeActive();
        cluster.Pass(10, 3);
        cluster.Active.Sessions.Miss(new BrokerId(1), cluster.Broker(1).Epoch, cluster.NowMs);
        cluster.Active.Sessions.Miss(new BrokerId(2), cluster.Broker(2).Epoch - 1, cluster.NowMs);
        cluster.Pass(ControlledCluster.ReturnMs, 3);
        Assert.True(cluster.Broker(1).Fenced);
        Assert.False(cluster.Broker(2).Fenced);
    }

    [Fact]
    public void The_successor_of_a_broker_that_is_lost_need_not_wait_for_the_session_to_end()
    {
        var cluster = new ControlledCluster(2);
        cluster.Beat(1, connection: 11L);
        cluster.Lose(11);
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, cluster.Register(cluster.Registration(1)).ErrorCode);
        cluster.Pass(ControlledCluster.ReturnMs, 2);
        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(1)).ErrorCode);
    }

    [Fact]
    public void The_successor_of_a_broker_that_is_lost_before_it_served_need_not_wait_either()
    {
        var cluster = new ControlledCluster(1);
        var epoch = cluster.Register(cluster.Registration(2)).BrokerEpoch;
        cluster.Active.Sessions.Hear(new BrokerId(2), epoch, connection: 12L, cluster.NowMs);
        cluster.Lose(12);
        cluster.Pass(ControlledCluster.ReturnMs, 1);
        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(2)).ErrorCode);
    }

    [Fact]
    public void The_successor_of_a_broker_that_was_allowed_to_stop_is_let_in_at_once()
    {
        var cluster = new ControlledCluster(2);
        Assert.True(cluster.Beat(1, wantShutDown: true).ShouldShutDown);
        Assert.Equal(ErrorCode.None, cluster.Register(cluster.Registration(1)).ErrorCode);
    }

    [Fact]
    public void A_controller_that_was_held_up_does_not_take_that_time_from_who_is_to_be_back()
    {
        var cluster = new ControlledCluster(2);
        cluster.Beat(1, connection: 11L);
        cluster.Lose(11);
        var later = cluster.NowMs + 2 * ControlledCluster.ReturnMs;
        cluster.Active.Advance(cluster.Image, later);
        Assert.Empty(cluster.Active.Act(cluster.Image, later).Records);
    }

    [Fact]
    public void A_controller_that_was_held_up_does_not_hold_it_against_its_brokers()
    {
        var cluster = new ControlledCluster(2);
        cluster.Active.Advance(cluster.Image, cluster.NowMs + 60_000);
        Assert.Empty(cluster.Active.Act(cluster.Image, cluster.NowMs + 60_000).Records);
    }

    [Fact]
    public void A_broker_that_wants_to_stop_waits_until_its_leaderships_have_moved_and_everybody_knows()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 3, 3);
        var answer = cluster.Beat(1, wantShutDown: true);
        Assert.Equal((false, false), (answer.ShouldShutDown, answer.IsFenced));
        Assert.True(cluster.Broker(1).InControlledShutdown);
        Assert.All(cluster.Image.TopicByName("t")!.Partitions, p => Assert.DoesNotContain(new BrokerId(1), p.InSyncReplicas));
        Assert.All(cluster.Image.TopicByName("t")!.Partitions, p => Assert.NotEqual(BrokerId.None, p.Leader));
        var moved = cluster.Image.AppliedOffset.Value;

        Assert.False(cluster.Beat(1, wantShutDown: true).ShouldShutDown);
        cluster.Beat(2, offset: moved);
        cluster.Beat(3, offset: moved - 1);
        Assert.False(cluster.Beat(1, wantShutDown: true).ShouldShutDown);
        cluster.Beat(3, offset: moved);
        var granted = cluster.Beat(1, wantShutDown: true);
        Assert.Equal((true, true), (granted.ShouldShutDown, granted.IsFenced));
        Assert.True(cluster.Beat(1).IsFenced);

        cluster.Start(1, previousEpoch: cluster.Broker(1).Epoch);
        Assert.True(cluster.Broker(1).IsActive);
    }

    [Fact]
    public void The_only_broker_stops_and_leads_again_without_loss()
    {
        var cluster = new ControlledCluster(1);
        cluster.Create("t", 2, 1);
        Assert.False(cluster.Beat(1, wantShutDown: true).ShouldShutDown);
        Assert.True(cluster.Beat(1, wantShutDown: true).ShouldShutDown);
        var stopped = cluster.Partition();
        Assert.Equal(BrokerId.None, stopped.Leader);
        cluster.Start(1, previousEpoch: cluster.Broker(1).Epoch);
        var started = cluster.Partition();
        Assert.Equal((new BrokerId(1), LeaderRecoveryState.Recovered), (started.Leader, started.LeaderRecoveryState));
        Assert.Equal(stopped.LeaderEpoch.Value + 1, started.LeaderEpoch.Value);
    }

    [Fact]
    public void The_only_broker_killed_leads_again_with_a_new_epoch()
    {
        var cluster = new ControlledCluster(1);
        cluster.Create("t", 1, 1);
        cluster.BecomeActive();
        cluster.Start(1);
        Assert.Equal(new BrokerId(1), cluster.Partition().Leader);
        Assert.Equal(ControlledCluster.Ids(1), cluster.Partition().InSyncReplicas);
        Assert.True(cluster.Partition().LeaderEpoch.Value > 0);
    }

    [Fact]
    public void A_broker_that_is_unregistered_is_in_no_isr_and_forgotten()
    {
        var cluster = new ControlledCluster(3);
        cluster.Create("t", 3, 3);
        Assert.Equal(ErrorCode.None, cluster.Unregister(3).ErrorCode);
        Assert.All(cluster.Image.TopicByName("t")!.Partitions, p => Assert.DoesNotContain(new BrokerId(3), p.InSyncReplicas));
        Assert.Equal(2, cluster.Image.Brokers.Count);
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, cluster.Unregister(3).ErrorCode);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, cluster.Beat(3, epoch: 0).ErrorCode);
    }
}
