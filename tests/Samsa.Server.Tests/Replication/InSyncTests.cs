using Samsa.Model;
using static Samsa.Server.Tests.ProduceAndFetchTests;

namespace Samsa.Server.Tests.Replication;

public sealed class InSyncTests
{
    [Fact]
    public async Task Who_is_silent_leaves_the_in_sync_replicas_and_joins_again_once_he_has_caught_up()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(3, "replica.lag.time.max.ms=1000");
        cluster.CreateTopic("t", 1, 2, 3);
        using var client = cluster.Connect(1);
        Produce(client, "t", -1, "a");
        await cluster.StopNodeAsync(3);

        // Waits until the third is out, and then needs it no longer.
        Assert.Equal(ErrorCode.None, Produce(client, "t", -1, "b").ErrorCode);
        Assert.Equal([1, 2], cluster.Partition("t").InSyncReplicas.Select(r => r.Value));

        await cluster.StartNodeAsync(3);
        await EmbeddedCluster.UntilAsync(() => cluster.Partition("t").InSyncReplicas.Length == 3);
        await cluster.ReplicatedAsync("t", 2, 1, 2, 3);
        Assert.Equal(cluster.Bytes(1, "t"), cluster.Bytes(3, "t"));
    }

    [Fact]
    public async Task With_too_few_in_sync_what_waits_fails_after_the_append_and_what_comes_is_refused_before()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2, "replica.lag.time.max.ms=1000", "min.insync.replicas=2");
        cluster.CreateTopic("t", 1, 2);
        using var client = cluster.Connect(1);
        Assert.Equal(ErrorCode.None, Produce(client, "t", -1, "a").ErrorCode);
        await cluster.StopNodeAsync(2);
        Assert.Equal(ErrorCode.NotEnoughReplicasAfterAppend, Produce(client, "t", -1, "b").ErrorCode);
        Assert.Equal(ErrorCode.NotEnoughReplicas, Produce(client, "t", -1, "c").ErrorCode);
        Assert.Equal(["a"], Fetch(client, "t", 0));

        await cluster.StartNodeAsync(2);
        await cluster.ReplicatedAsync("t", 2, 1, 2);
        Assert.Equal(ErrorCode.None, Produce(client, "t", -1, "c").ErrorCode);
        Assert.Equal(["a", "b", "c"], Fetch(client, "t", 0));
    }
}
