namespace Samsa.Storage.Tests.LogDirs;

public sealed class SyncChoiceTests
{
    [Fact]
    public void Few_logs_are_synced_one_by_one()
    {
        var choice = new SyncChoice();
        Assert.False(choice.WholeFileSystem(1));
        Assert.False(choice.WholeFileSystem(SyncChoice.FewestLogs - 1));
        Assert.True(choice.WholeFileSystem(64));
    }

    [Fact]
    public void A_file_system_that_others_keep_busy_is_left_alone_but_tried_again()
    {
        var choice = new SyncChoice();
        for (var i = 0; i < 20; i++)
        {
            choice.ObserveFileSystem(TimeSpan.FromMilliseconds(200));
            choice.ObservePerLog(8, TimeSpan.FromMilliseconds(8));
        }

        Assert.False(choice.WholeFileSystem(8));
        var passedOver = 0;
        while (!choice.WholeFileSystem(8))
        {
            Assert.InRange(++passedOver, 1, 1000);
        }

        Assert.InRange(passedOver, 100, 1000);
    }
}
