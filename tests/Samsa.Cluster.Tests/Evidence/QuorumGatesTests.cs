using Samsa.Cluster.Tests.Checking;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>What every version of the consensus library has to pass, with processes that are killed: nothing acknowledged is lost, no controller's metadata is another's.</summary>
public sealed class QuorumGatesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>Followers that acknowledge what they would not have after a kill lose it here.</summary>
    [Fact]
    public async Task All_are_killed_at_once_and_the_followers_alone_have_everything_that_was_acknowledged()
    {
        await using TestCluster cluster = await StartAsync(nodes: 3);
        await using MetadataLoad load = MetadataLoad.Start(cluster);
        await ToldAsync(cluster, load, async () =>
        {
            for (int round = 0; round < 3; round++)
            {
                await load.AcknowledgesAsync(150, Soon);
                int leader = await ControllerAsync(cluster);
                await Task.WhenAll(cluster.Nodes.Select(n => n.KillAsync()));
                ClusterNode[] followers = [.. cluster.Nodes.Where(n => n.Id != leader)];
                foreach (ClusterNode follower in followers)
                {
                    follower.Spawn();
                }

                await Task.WhenAll(followers.Select(f => f.WhenReadyAsync()));
                await load.IsAtAsync(followers, Soon);
                await load.AcknowledgesAsync(50, Soon);
                await cluster[leader].StartAsync();
                await load.IsAtAsync(cluster.Nodes, Soon);
            }
        });
    }

    /// <summary>A follower that has a snapshot and did not say so in time must not be sent it for ever.</summary>
    [Fact]
    public async Task A_controller_whose_disk_is_empty_gets_everything_again_time_after_time()
    {
        await using TestCluster cluster = await StartAsync(nodes: 3, ("metadata.log.max.record.bytes.between.snapshots", "20000"));
        await using MetadataLoad load = MetadataLoad.Start(cluster);
        await ToldAsync(cluster, load, async () =>
        {
            for (int round = 0; round < 5; round++)
            {
                await load.AcknowledgesAsync(100, Soon);
                int leader = await ControllerAsync(cluster);
                ClusterNode wiped = cluster[leader % 3 + 1];
                await wiped.KillAsync();
                Directory.Delete(wiped.DataDirectory, recursive: true);
                await wiped.StartAsync();
                await load.IsAtAsync([wiped], Soon);
            }

            await load.IsAtAsync(cluster.Nodes, Soon);
        });
    }

    [Fact]
    public async Task A_leader_that_stands_still_is_followed_by_another_and_comes_back_as_a_follower()
    {
        await using TestCluster cluster = await StartAsync(nodes: 3);
        await using MetadataLoad load = MetadataLoad.Start(cluster);
        await ToldAsync(cluster, load, async () =>
        {
            for (int round = 0; round < 2; round++)
            {
                await load.AcknowledgesAsync(50, Soon);
                int old = await ControllerAsync(cluster);
                int other = old % 3 + 1;
                cluster[old].Pause();
                TimeSpan elected = await Until.HoldsAsync(
                    () => cluster.Probe.ControllerSeenBy(other) is > 0 and int now && now != old, Soon, () => $"another controller than {old}");
                await load.AcknowledgesAsync(50, Soon);
                cluster[old].Resume();
                int leader = await ControllerAsync(cluster);
                TimeSpan follows = await Until.HoldsAsync(() => cluster.Probe.ControllerSeenBy(old) == cluster.Probe.ControllerSeenBy(other), Soon, () => $"node {old} to follow");
                output.WriteLine($"controller {old} stood still, {leader} led {elected.TotalSeconds:F1} s later; awake, it followed after {follows.TotalSeconds:F1} s");
                await load.IsAtAsync(cluster.Nodes, Soon);
            }
        });
    }

    [Fact]
    public async Task A_single_controller_that_is_killed_again_and_again_loses_nothing()
    {
        await using TestCluster cluster = await StartAsync(nodes: 1);
        await using MetadataLoad load = MetadataLoad.Start(cluster);
        var random = new Random(1);
        await ToldAsync(cluster, load, async () =>
        {
            for (int round = 0; round < 10; round++)
            {
                await load.AcknowledgesAsync(20, Soon);
                await Until.PassesAsync(TimeSpan.FromMilliseconds(random.Next(100)));
                await cluster[1].KillAsync();
                await cluster[1].StartAsync();
                await load.IsAtAsync(cluster.Nodes, Soon);
            }
        });
    }

    private static Task<TestCluster> StartAsync(int nodes, params (string Name, string Value)[] settings) => TestCluster.StartAsync(new ClusterOptions
    {
        Nodes = nodes, Voters = nodes, HasLinks = false, Properties = settings.ToDictionary(s => s.Name, s => s.Value, StringComparer.Ordinal),
    });

    private static async Task<int> ControllerAsync(TestCluster cluster)
    {
        int leader = -1;
        await Until.HoldsAsync(() => (leader = cluster.Probe.Controller()) > 0, Soon, () => "a controller");
        return leader;
    }

    // After the work: none ended by itself, and each has the same metadata at the same offsets.
    private async Task ToldAsync(TestCluster cluster, MetadataLoad load, Func<Task> work)
    {
        try
        {
            await work();
            Assert.All(cluster.Nodes, n => Assert.True(n.IsUp, $"node {n.Id} ended by itself"));
            await load.StopAsync();
            await Task.WhenAll(cluster.Nodes.Select(n => n.KillAsync()));
            Assert.Empty(MetadataComparison.Differences(cluster));
            output.WriteLine($"{load.Acknowledged} changes acknowledged");
        }
        catch (Exception e)
        {
            output.WriteLine($"{e.Message}\n{cluster.Tails()}");
            throw;
        }
    }
}
