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
    public async Task A_leader_that_stops_is_followed_by_another_one_with_everything()
    {
        await using var cluster = new RaftClusterFixture(3);
        await cluster.StartAllAsync();
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                await cluster.AppendAsync($"k{i}", expected[$"k{i}"] = $"{round}-{i}");
            }

            var leader = await cluster.LeaderAsync();
            var epoch = leader.Log.Epoch;
            await cluster.StopAsync(leader.Index);
            await cluster.AppendAsync($"after-{round}", expected[$"after-{round}"] = "x");
            Assert.True((await cluster.LeaderAsync()).Log.Epoch > epoch);
            await cluster.StartAsync(leader.Index);
            await cluster.ShouldAgreeAsync();
            Assert.Equal(expected, (await cluster.LeaderAsync()).Settings.Values);
        }
    }

    [Fact]
    public async Task All_stop_and_start_again_with_everything()
    {
        await using var cluster = new RaftClusterFixture(3);
        for (var round = 0; round < 3; round++)
        {
            await cluster.StartAllAsync(bytesBetweenSnapshots: 3000);
            for (var i = 0; i < 40; i++)
            {
                await cluster.AppendAsync($"k{i % 5}", $"{round}-{i}");
            }

            await cluster.ShouldAgreeAsync();
            Assert.Equal(new Offset((round + 1) * 40), cluster.Running.First().Log.EndOffset);
            foreach (var node in cluster.Running.ToArray())
            {
                await cluster.StopAsync(node.Index);
            }
        }
    }

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
