using Samsa.Model;

namespace Samsa.Storage.Tests;

public class LeaderEpochCacheTests
{
    [Theory]
    [InlineData(-1, -1, -1)] // Nobody knows the unknown epoch.
    [InlineData(0, 0, 5)] // Before the first: the first one's start.
    [InlineData(1, 1, 20)]
    [InlineData(2, 1, 20)] // Unknown in between: the one before, which ended where the next began.
    [InlineData(3, 3, 30)]
    [InlineData(5, 5, 99)] // The latest ends with the log.
    [InlineData(6, -1, -1)] // Newer than the log knows.
    public void An_epochs_end_is_the_start_of_the_next(int requested, int epoch, long end)
    {
        var cache = new LeaderEpochCache();
        cache.Assign(new LeaderEpoch(1), new Offset(5));
        cache.Assign(new LeaderEpoch(3), new Offset(20));
        cache.Assign(new LeaderEpoch(5), new Offset(30));

        Assert.Equal((new LeaderEpoch(epoch), new Offset(end)), cache.EndOffsetFor(new LeaderEpoch(requested), new Offset(99)));
    }

    [Fact]
    public void An_epoch_without_records_gives_way_to_the_next()
    {
        using var test = new TestLog();
        test.Log.AssignEpoch(new LeaderEpoch(0));
        test.Commit(TestBatches.Plain());
        test.Log.AssignEpoch(new LeaderEpoch(2));
        test.Log.AssignEpoch(new LeaderEpoch(4));
        test.Log.AssignEpoch(new LeaderEpoch(3));

        Assert.Equal("0\n1\n0 0\n", Checkpoint(test));
        test.Commit(TestBatches.Plain());
        Assert.Equal("0\n2\n0 0\n4 1\n", Checkpoint(test));
        test.CloseAndReopen();
        Assert.Equal(new LeaderEpoch(4), test.Log.LatestEpoch);
        Assert.Equal(new LeaderEpoch(0), test.Log.EpochAt(Offset.Zero));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\n0\n")]
    [InlineData("0\n2\n0 0\n")]
    [InlineData("0\n2\n3 0\n1 5\n")]
    [InlineData("0\n1\nx 0\n")]
    public void A_damaged_file_is_no_file(string text) => Assert.Null(LeaderEpochCache.Decode(text));

    private static string Checkpoint(TestLog test) =>
        System.Text.Encoding.UTF8.GetString(test.Disk.Content(test.PathOf("leader-epoch-checkpoint")));
}
