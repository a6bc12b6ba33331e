namespace Samsa.Controller.Tests;

/// <summary>A leader stops. There are several classes of these tests so that they wait for their elections side by side.</summary>
public sealed class RaftFailoverTests
{
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
}
