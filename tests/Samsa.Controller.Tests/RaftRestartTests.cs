using Samsa.Model;

namespace Samsa.Controller.Tests;

/// <summary>All voters stop, and are started again.</summary>
public sealed class RaftRestartTests
{
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
}
