using Samsa.Core.Metadata;
using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

public sealed class LeaderReplicaTests
{
    private const long MaxLagMs = 10_000;
    private static readonly BrokerId One = new(1);
    private static readonly BrokerId Two = new(2);
    private static readonly BrokerId Three = new(3);

    private readonly HashSet<BrokerId> _banned = [];
    private long _nowMs = 1_000_000;

    [Fact]
    public void Alone_a_leader_commits_what_it_appends()
    {
        var leader = Leader([One], [One]);
        Assert.True(leader.OnAppended(new Offset(7)));
        Assert.Equal(new Offset(7), leader.HighWatermark);
        Assert.False(leader.OnAppended(new Offset(7)));
    }

    [Fact]
    public void Where_the_disk_counts_nothing_is_committed_before_it_was_synced()
    {
        var leader = Leader([One], [One], waitsForDisk: true);
        Assert.False(leader.OnAppended(new Offset(7)));
        Assert.Equal(Offset.Zero, leader.HighWatermark);
        Assert.True(leader.OnDurable(new Offset(5)));
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Assert.False(leader.OnDurable(new Offset(4)));
        Assert.True(leader.OnDurable(new Offset(9)));
        Assert.Equal(new Offset(7), leader.HighWatermark);
    }

    [Fact]
    public void A_minimum_above_the_number_of_replicas_asks_for_all_of_them() =>
        Assert.True(Leader([One], [One], minInSync: 2).HasEnoughInSync);

    [Fact]
    public void A_log_that_shrinks_under_its_leader_is_a_bug()
    {
        var leader = Leader([One], [One]);
        leader.OnAppended(new Offset(7));
        Assert.Throws<InvariantException>(() => leader.OnAppended(new Offset(6)));
    }

    [Fact]
    public void A_record_is_committed_when_every_replica_in_sync_has_it()
    {
        var leader = Leader([One, Two, Three], [One, Two, Three]);
        Assert.False(leader.OnAppended(new Offset(5)));
        Assert.False(Fetch(leader, Two, 5).HighWatermarkMoved);
        Assert.True(Fetch(leader, Three, 3).HighWatermarkMoved);
        Assert.Equal(new Offset(3), leader.HighWatermark);
        Assert.True(Fetch(leader, Three, 5).HighWatermarkMoved);
        Assert.Equal(new Offset(5), leader.HighWatermark);
    }

    [Fact]
    public void Who_falls_behind_for_too_long_is_proposed_out_and_holds_the_high_watermark_back_until_that_is_true()
    {
        var leader = Leader([One, Two, Three], [One, Two, Three]);
        leader.OnAppended(new Offset(5));
        Fetch(leader, Two, 5);
        _nowMs += MaxLagMs;
        Assert.Null(leader.Tick(_nowMs).Proposal);
        Fetch(leader, Two, 5);
        var proposal = leader.Tick(_nowMs += 1).Proposal;
        Assert.NotNull(proposal);
        Assert.Equal([One, Two], proposal.InSync.Select(r => r.Broker));
        Assert.Null(leader.Tick(_nowMs += MaxLagMs).Proposal);
        Assert.Equal(Offset.Zero, leader.HighWatermark);

        Assert.True(Answer(leader, proposal, ErrorCode.None, 1, One, Two).HighWatermarkMoved);
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Assert.Equal(2, leader.InSyncCount);
    }

    [Fact]
    public void Who_has_all_that_is_there_stays_in_sync_however_long_nothing_comes()
    {
        var leader = Leader([One, Two], [One, Two]);
        leader.OnAppended(new Offset(5));
        Fetch(leader, Two, 5);
        Assert.Null(leader.Tick(_nowMs += 10 * MaxLagMs).Proposal);
    }

    [Fact]
    public void A_follower_under_steady_load_is_in_sync_although_it_never_has_all()
    {
        var leader = Leader([One, Two], [One, Two]);
        for (var i = 1; i < 100; i++)
        {
            leader.OnAppended(new Offset(10 * i));
            Fetch(leader, Two, 10 * (i - 1));
            Assert.Null(leader.Tick(_nowMs += MaxLagMs / 2).Proposal);
        }
    }

    [Fact]
    public void Who_has_caught_up_is_proposed_and_counts_at_once()
    {
        var leader = Leader([One, Two], [One]);
        leader.OnAppended(new Offset(5));
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Assert.Null(Fetch(leader, Two, 4).Proposal);
        var proposal = Fetch(leader, Two, 5, brokerEpoch: 77).Proposal;
        Assert.NotNull(proposal);
        Assert.Equal([(One, -1L), (Two, 77L)], proposal.InSync);

        // The controller may have taken it in by now, and could make it the leader.
        leader.OnAppended(new Offset(6));
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Answer(leader, proposal, ErrorCode.None, 1, One, Two);
        Assert.Equal(new Offset(5), leader.HighWatermark);
        Assert.True(Fetch(leader, Two, 6).HighWatermarkMoved);
    }

    [Fact]
    public void Who_lacks_what_the_leader_held_at_its_election_does_not_join()
    {
        // Offsets 5 to 7 may have been committed by an earlier leader, which this one had no time to hear of.
        var leader = Leader([One, Two, Three], [One, Two], end: 8, highWatermark: 5);
        Assert.False(leader.IsHighWatermarkCurrent);
        Assert.Null(Fetch(leader, Three, 5).Proposal);
        Assert.NotNull(Fetch(leader, Three, 8).Proposal);
        Fetch(leader, Two, 8);
        Assert.True(leader.IsHighWatermarkCurrent);
    }

    [Fact]
    public void A_fenced_broker_does_not_join()
    {
        var leader = Leader([One, Two], [One]);
        _banned.Add(Two);
        Assert.Null(Fetch(leader, Two, 0).Proposal);
        leader.OnAppended(new Offset(3));
        Assert.Equal(new Offset(3), leader.HighWatermark);
        _banned.Clear();
        Assert.NotNull(Fetch(leader, Two, 3).Proposal);
    }

    [Fact]
    public void A_fetch_of_an_earlier_incarnation_says_nothing()
    {
        var leader = Leader([One, Two], [One, Two]);
        leader.OnAppended(new Offset(5));
        Fetch(leader, Two, 2, brokerEpoch: 8);
        Assert.False(Fetch(leader, Two, 5, brokerEpoch: 7).HighWatermarkMoved);
        Assert.Equal(new Offset(2), leader.HighWatermark);
    }

    [Fact]
    public void With_too_few_in_sync_nothing_is_committed()
    {
        var leader = Leader([One, Two, Three], [One], minInSync: 2);
        Assert.False(leader.HasEnoughInSync);
        Assert.False(leader.OnAppended(new Offset(5)));
        var proposal = Fetch(leader, Two, 5).Proposal;
        Assert.NotNull(proposal);
        Assert.Equal(Offset.Zero, leader.HighWatermark);
        Assert.True(Answer(leader, proposal, ErrorCode.None, 1, One, Two).HighWatermarkMoved);
        Assert.Equal(new Offset(5), leader.HighWatermark);
    }

    [Fact]
    public void A_refused_follower_counts_no_longer()
    {
        var leader = Leader([One, Two], [One]);
        var proposal = Fetch(leader, Two, 0).Proposal!;
        leader.OnAppended(new Offset(5));
        Assert.Equal(Offset.Zero, leader.HighWatermark);
        _banned.Add(Two);
        Assert.True(Answer(leader, proposal, ErrorCode.IneligibleReplica, 0).HighWatermarkMoved);
        Assert.Equal(new Offset(5), leader.HighWatermark);
    }

    [Fact]
    public void Where_the_controller_knows_better_the_leader_waits_for_the_metadata()
    {
        var leader = Leader([One, Two], [One]);
        var proposal = Fetch(leader, Two, 0).Proposal!;
        Assert.Null(Answer(leader, proposal, ErrorCode.InvalidUpdateVersion, 0).Proposal);
        leader.OnAppended(new Offset(5));
        Assert.Equal(Offset.Zero, leader.HighWatermark);
        Assert.Null(Fetch(leader, Two, 5).Proposal);
        leader.OnImage(Image([One, Two], [One], partitionEpoch: 3));
        Assert.NotNull(Fetch(leader, Two, 5).Proposal);
    }

    [Fact]
    public void An_answer_that_says_nothing_has_the_same_proposal_sent_again()
    {
        var leader = Leader([One, Two], [One]);
        var proposal = Fetch(leader, Two, 0).Proposal!;
        Assert.Same(proposal, Answer(leader, proposal, ErrorCode.UnknownServerError, 0).Proposal);
        leader.OnImage(Image([One, Two], [One, Two], partitionEpoch: 1));
        Assert.Null(Answer(leader, proposal, ErrorCode.UnknownServerError, 0).Proposal);
    }

    [Fact]
    public void Replicas_come_and_go_with_the_metadata()
    {
        var leader = Leader([One, Two], [One, Two]);
        leader.OnAppended(new Offset(5));
        Fetch(leader, Two, 5);
        leader.OnImage(Image([One, Two, Three], [One, Two], partitionEpoch: 1));
        Assert.Null(Fetch(leader, Three, 0).Proposal);
        Assert.NotNull(Fetch(leader, Three, 5).Proposal);
        leader.OnImage(Image([One, Three], [One, Three], partitionEpoch: 2));
        leader.OnAppended(new Offset(6));
        Assert.True(Fetch(leader, Three, 6).HighWatermarkMoved);
        Assert.Null(leader.Find(Two));
        Assert.Equal(new Offset(6), leader.HighWatermark);
    }

    [Fact]
    public void A_leader_elected_uncleanly_says_at_once_that_it_has_recovered_until_that_is_noted()
    {
        var recovering = Image([One, Two], [One], 0) with { LeaderRecoveryState = LeaderRecoveryState.Recovering };
        var leader = new LeaderReplica(
            One, recovering, new LeaderSettings(1, false, MaxLagMs), Offset.Zero, Offset.Zero, (_, _) => true, _nowMs);
        var proposal = leader.Tick(_nowMs).Proposal;
        Assert.NotNull(proposal);
        Assert.Equal([One], proposal.InSync.Select(r => r.Broker));
        Assert.Null(leader.Tick(_nowMs).Proposal);

        Answer(leader, proposal, ErrorCode.IneligibleReplica, 0);
        proposal = leader.Tick(_nowMs).Proposal!;
        Answer(leader, proposal, ErrorCode.None, 1, One);
        Assert.Null(leader.Tick(_nowMs).Proposal);
        Assert.Null(Leader([One], [One]).Tick(_nowMs).Proposal);
    }

    private LeaderReplica Leader(
        BrokerId[] replicas, BrokerId[] inSync, bool waitsForDisk = false, int minInSync = 1, long end = 0, long highWatermark = 0) =>
        new(
            One, Image(replicas, inSync, 0), new LeaderSettings(minInSync, waitsForDisk, MaxLagMs), new Offset(end), new Offset(highWatermark),
            (broker, _) => !_banned.Contains(broker), _nowMs);

    private LeaderNews Fetch(LeaderReplica leader, BrokerId follower, long from, long brokerEpoch = -1) =>
        leader.OnFetch(follower, new FollowerFetch(new Offset(from), Offset.Zero, brokerEpoch), _nowMs);

    private static LeaderNews Answer(LeaderReplica leader, InSyncProposal proposal, ErrorCode error, int partitionEpoch, params BrokerId[] inSync) =>
        leader.OnAnswer(proposal, new InSyncAnswer(error, leader.Epoch, partitionEpoch, inSync));

    private static PartitionImage Image(BrokerId[] replicas, BrokerId[] inSync, int partitionEpoch) =>
        new(0, replicas, inSync, One, new LeaderEpoch(0), partitionEpoch);
}
