using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Controller.Tests;

public sealed class RaftMetadataLogTests
{
    [Fact]
    public async Task Three_voters_have_the_same_changes_at_the_same_offsets()
    {
        await using var cluster = new RaftClusterFixture(3);
        await cluster.StartAllAsync();
        for (var i = 0; i < 50; i++)
        {
            await cluster.AppendAsync($"k{i % 7}", $"{i}");
        }

        await cluster.ShouldAgreeAsync();
        var logs = cluster.Running.Select(n => n.Log.Read(Offset.Zero, 1 << 20)!.Value.ToArray()).ToArray();
        Assert.Equal(new Offset(50), cluster.Running.First().Log.EndOffset);
        Assert.All(logs, l => Assert.Equal(logs[0], l));
        var follower = cluster.Running.First(n => !n.Log.IsLeader);
        await Assert.ThrowsAsync<NotControllerException>(() => follower.Log.AppendAsync([Settings.Set("a", "b")], CancellationToken.None).AsTask());
        var leader = await cluster.LeaderAsync();
        Assert.All(cluster.Running, n => Assert.Equal(leader.Index + 1, n.Log.Leader.Value));
        await follower.Log.CatchUpAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_single_controllers_log_is_not_taken_for_a_quorums()
    {
        await using var cluster = new RaftClusterFixture(3);
        Directory.CreateDirectory(cluster.DirectoryOf(0));
        await using (LocalMetadataLog.Open(new LocalMetadataLogOptions { LogDirectory = cluster.DirectoryOf(0), NodeId = new BrokerId(1) }, new Settings()))
        {
        }

        var refused = await Assert.ThrowsAsync<LogCorruptException>(() => cluster.StartAsync(0));
        Assert.Contains("cannot become a quorum's", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Any_odd_number_of_voters_will_do(int voters)
    {
        await using var cluster = new RaftClusterFixture(voters);
        await cluster.StartAllAsync();
        for (var i = 0; i < 10; i++)
        {
            await cluster.AppendAsync("k", $"{i}");
        }

        for (var gone = 0; gone < (voters - 1) / 2; gone++)
        {
            await cluster.StopAsync((await cluster.LeaderAsync()).Index);
            await cluster.AppendAsync("gone", $"{gone}");
        }

        await cluster.ShouldAgreeAsync();
    }
}
