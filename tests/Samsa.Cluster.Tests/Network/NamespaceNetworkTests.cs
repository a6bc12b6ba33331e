using Samsa.Cluster.Tests.Nodes;
using Samsa.Interop.Processes;

namespace Samsa.Cluster.Tests.Network;

/// <summary>The laboratory's own instruments, on a single node.</summary>
public sealed class NamespaceNetworkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_unplugged_node_is_not_reached_until_the_link_is_whole_again()
    {
        TestTool.Require(NamespaceNetwork.Obstacle is null, $"iproute2 for root ({NamespaceNetwork.Obstacle})");
        await using TestCluster cluster = await TestCluster.StartAsync(new ClusterOptions { Nodes = 1, Voters = 1 });
        output.WriteLine(cluster.Network.Description);
        Assert.True(Answers(cluster));
        cluster.Network.Unplug(1);
        Assert.False(Answers(cluster));
        cluster.Network.Heal();
        await Until.HoldsAsync(() => Answers(cluster), TimeSpan.FromSeconds(10), () => "an answer after the link is whole");
        cluster.Network.Slow(1);
        Assert.True(Answers(cluster));
    }

    [Fact]
    public void What_one_node_sends_to_another_can_be_lost_alone()
    {
        TestTool.Require(NamespaceNetwork.Obstacle is null, $"iproute2 for root ({NamespaceNetwork.Obstacle})");
        using NamespaceNetwork network = NamespaceNetwork.Create(3);
        Assert.True(Reaches(network, 1, 2));
        network.Lose(2, 1);
        Assert.False(Reaches(network, 1, 2));
        Assert.True(Reaches(network, 1, 3));
        Assert.True(Reaches(network, 2, 3));
        network.Heal();
        Assert.True(Reaches(network, 1, 2));
    }

    [Fact]
    public void A_full_disk_takes_no_more_until_there_is_room()
    {
        using var disks = new NodeDisks(1, 8);
        Assert.SkipUnless(disks.CanFill, "this machine lets no disks be made");
        string file = Path.Combine(disks.Of(1), "file");
        disks.Fill(1);
        Assert.Throws<IOException>(() => File.WriteAllBytes(file, new byte[100_000]));
        disks.Free(1);
        File.WriteAllBytes(file, new byte[100_000]);
    }

    private static bool Answers(TestCluster cluster)
    {
        try
        {
            using var client = cluster.Probe.Connect(1);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Nobody listens on the port: who is reached refuses at once, otherwise there is silence.</summary>
    private static bool Reaches(NamespaceNetwork network, int from, int to) =>
        Shell.TryRun("ip", [.. network.RunBy(from).Skip(1), "timeout", "1", "bash", "-c", $"exec 3<>/dev/tcp/{network.HostOf(to)}/9"])
            .Output.Contains("refused", StringComparison.Ordinal);
}
