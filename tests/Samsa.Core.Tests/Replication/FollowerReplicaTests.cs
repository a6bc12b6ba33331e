using Samsa.Core.Replication;
using Samsa.Model;

namespace Samsa.Core.Tests.Replication;

public sealed class FollowerReplicaTests
{
    private static readonly LeaderEpoch Five = new(5);
    private static readonly LeaderEpoch Nine = new(9);

    [Fact]
    public void What_the_leader_sends_is_appended()
    {
        var follower = new FollowerReplica(new BrokerId(1), Nine);
        var step = follower.OnAnswer(Answer(ErrorCode.None, highWatermark: 12), (new Offset(10), Five), Log(0, 10), NoEpochs);
        Assert.Equal(new FollowerStep(FollowerAction.Append, new Offset(10)), step);
        Assert.Equal(new Offset(12), follower.LeaderHighWatermark);
    }

    [Fact]
    public void An_answer_to_an_earlier_question_is_passed_over() =>
        Assert.Equal(FollowerAction.Ignore, Step(Answer(ErrorCode.None), from: 9, Log(0, 10)).Action);

    [Fact]
    public void An_answer_from_before_a_cut_is_passed_over_though_the_log_has_grown_to_the_same_offset_again()
    {
        var answer = Answer(ErrorCode.None) with { Diverging = (new LeaderEpoch(3), new Offset(10)) };
        var regrown = Log(0, 10) with { LastEpoch = new LeaderEpoch(3) };
        Assert.Equal(FollowerAction.Ignore, Step(answer, from: 10, regrown).Action);
    }

    [Fact]
    public void Where_both_know_the_epoch_the_shorter_one_counts()
    {
        Assert.Equal(new Offset(6), Cut(leader: (3, 6), own: (3, 8)));
        Assert.Equal(new Offset(6), Cut(leader: (3, 8), own: (3, 6)));
    }

    [Fact]
    public void Where_the_follower_lacks_the_epoch_it_cuts_to_its_own_lower_one_and_asks_again() =>
        Assert.Equal(new Offset(4), Cut(leader: (3, 6), own: (2, 4)));

    [Fact]
    public void Where_all_of_the_followers_epochs_are_newer_the_leaders_end_counts() =>
        Assert.Equal(new Offset(6), Cut(leader: (3, 6), own: (-1, -1)));

    [Fact]
    public void Who_is_behind_all_the_leader_has_begins_anew_where_the_leader_begins()
    {
        var step = Step(Answer(ErrorCode.OffsetOutOfRange, highWatermark: 90, logStart: 50), from: 10, Log(0, 10));
        Assert.Equal(new FollowerStep(FollowerAction.StartAt, new Offset(50)), step);
    }

    [Fact]
    public void Who_is_ahead_of_a_leader_that_lost_records_cuts_back()
    {
        Assert.Equal(
            new FollowerStep(FollowerAction.TruncateTo, new Offset(8)),
            Step(Answer(ErrorCode.OffsetOutOfRange, highWatermark: 8, logStart: 5), from: 10, Log(7, 10)));
        Assert.Equal(
            new FollowerStep(FollowerAction.StartAt, new Offset(5)),
            Step(Answer(ErrorCode.OffsetOutOfRange, highWatermark: 8, logStart: 5), from: 10, Log(10, 10)));
    }

    [Fact]
    public void A_log_that_knows_no_epochs_begins_with_what_is_committed()
    {
        Assert.Equal(new Offset(7), FollowerReplica.Begin(new FollowerLog(Offset.Zero, new Offset(10), new Offset(7), LeaderEpoch.None)));
        Assert.Equal(new Offset(10), FollowerReplica.Begin(Log(0, 10)));
        Assert.Equal(new Offset(10), FollowerReplica.Begin(new FollowerLog(new Offset(10), new Offset(10), new Offset(7), LeaderEpoch.None)));
    }

    private static Offset Cut((int Epoch, long End) leader, (int Epoch, long End) own)
    {
        var answer = Answer(ErrorCode.None) with { Diverging = (new LeaderEpoch(leader.Epoch), new Offset(leader.End)) };
        var step = new FollowerReplica(new BrokerId(1), Nine).OnAnswer(
            answer, (new Offset(10), Five), Log(0, 10), _ => (new LeaderEpoch(own.Epoch), new Offset(own.End)));
        Assert.Equal(FollowerAction.TruncateTo, step.Action);
        return step.To;
    }

    private static FollowerStep Step(LeaderAnswer answer, long from, FollowerLog log) =>
        new FollowerReplica(new BrokerId(1), Nine).OnAnswer(answer, (new Offset(from), Five), log, NoEpochs);

    private static LeaderAnswer Answer(ErrorCode error, long highWatermark = 0, long logStart = 0) =>
        new(error, new Offset(highWatermark), new Offset(logStart), (LeaderEpoch.None, Offset.None));

    private static FollowerLog Log(long start, long end) => new(new Offset(start), new Offset(end), new Offset(start), Five);

    private static (LeaderEpoch, Offset) NoEpochs(LeaderEpoch epoch) => (LeaderEpoch.None, Offset.None);
}
