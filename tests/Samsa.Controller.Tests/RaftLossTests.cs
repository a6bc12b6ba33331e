namespace Samsa.Controller.Tests;

/// <summary>Voters that come back with less than they had, or with something else.</summary>
public sealed class RaftLossTests
{
    [Fact]
    public async Task A_voter_that_lost_its_data_comes_back()
    {
        await using var cluster = new RaftClusterFixture(3);
        await cluster.StartAllAsync(bytesBetweenSnapshots: 3000);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                await cluster.AppendAsync($"k{i % 5}", $"{round}-{i}");
            }

            var wiped = cluster.Running.First(n => !n.Log.IsLeader).Index;
            await cluster.StopAsync(wiped);
            cluster.Wipe(wiped);
            await cluster.AppendAsync("meanwhile", $"{round}");
            await cluster.StartAsync(wiped, bytesBetweenSnapshots: 3000);
            await cluster.ShouldAgreeAsync();
        }
    }

    [Fact]
    public async Task A_voter_whose_state_differs_ends_and_comes_back_right()
    {
        await using var cluster = new RaftClusterFixture(3);
        await cluster.StartAllAsync();
        await cluster.AppendAsync("a", "1");
        await cluster.ShouldAgreeAsync();
        var wrong = cluster.Running.First(n => !n.Log.IsLeader);
        lock (wrong.Settings)
        {
            wrong.Settings.Values["a"] = "2";
        }

        await cluster.AppendAsync("b", "1");
        var reason = await wrong.Failed.WaitAsync(RaftClusterFixture.Patience);
        Assert.Contains("not that of the leader", reason.Message, StringComparison.Ordinal);
        await cluster.StopAsync(wrong.Index);
        await cluster.StartAsync(wrong.Index);
        await cluster.AppendAsync("c", "1");
        await cluster.ShouldAgreeAsync();
    }
}
