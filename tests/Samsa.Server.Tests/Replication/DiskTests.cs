using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;
using static Samsa.Server.Tests.ProduceAndFetchTests;

namespace Samsa.Server.Tests.Replication;

public sealed class DiskTests
{
    [Fact]
    public async Task A_disk_that_fails_takes_its_replicas_along_and_a_new_one_is_filled_from_the_others()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2, disks: 2, "broker.heartbeat.interval.ms=100");
        cluster.CreateTopic("a", 1, 2);
        cluster.CreateTopic("b", 1, 2);
        var (sound, failing) = OnDisk(cluster, "a", 2) ? ("b", "a") : ("a", "b");
        Assert.True(OnDisk(cluster, failing, 2));
        Assert.False(OnDisk(cluster, sound, 2));
        await ToldAsync(cluster, sound, failing);
        var lost = cluster.Partition(failing).DirectoryOf(new BrokerId(1));
        using (var first = cluster.Connect(1))
        {
            Assert.Equal(ErrorCode.None, Produce(first, failing, -1, "1").ErrorCode);
            Directory.Move(cluster.DiskOf(1, 2), cluster.DiskOf(1, 9));
            await EmbeddedCluster.UntilAsync(() => cluster.Partition(failing) is { Leader.Value: 2, InSyncReplicas: [{ Value: 2 }] });

            Assert.Equal(ErrorCode.None, Produce(first, sound, -1, "1").ErrorCode);
            Assert.Equal((1, 2), (cluster.Partition(sound).Leader.Value, cluster.Partition(sound).InSyncReplicas.Length));
            Assert.Equal([1], OfflineReplicas(first, failing));
            Assert.Empty(OfflineReplicas(first, sound));
        }

        using (var second = cluster.Connect(2))
        {
            Assert.Equal(ErrorCode.None, Produce(second, failing, -1, "2").ErrorCode);
        }

        await cluster.StopNodeAsync(1);
        Directory.CreateDirectory(cluster.DiskOf(1, 2));
        await cluster.StartNodeAsync(1);
        await EmbeddedCluster.UntilAsync(() => cluster.Partition(failing).InSyncReplicas.Length == 2);
        await cluster.ReplicatedAsync(failing, 2, 1, 2);
        Assert.Equal(cluster.Bytes(2, failing), cluster.Bytes(1, failing));
        await ToldAsync(cluster, sound, failing);
        Assert.NotEqual(lost, cluster.Partition(failing).DirectoryOf(new BrokerId(1)));
    }

    [Fact]
    public async Task While_a_disk_cannot_be_used_nothing_is_made_anew_that_may_be_on_it()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2, disks: 2, "broker.heartbeat.interval.ms=100");
        cluster.CreateTopic("a", 1, 2);
        cluster.CreateTopic("b", 1, 2);
        var failing = OnDisk(cluster, "a", 2) ? "a" : "b";
        await ToldAsync(cluster, "a", "b");
        await cluster.StopNodeAsync(1);

        // A file where the directory has to be, as little use as a disk that cannot be read.
        Directory.Move(cluster.DiskOf(1, 2), cluster.DiskOf(1, 9));
        await File.WriteAllTextAsync(cluster.DiskOf(1, 2), "", TestContext.Current.CancellationToken);
        await cluster.StartNodeAsync(1);
        Assert.True(cluster.Replica(1, failing).IsOffline);
        Assert.Equal([1], cluster.Partition(failing).OfflineReplicas(cluster.Metadata.State.Image).Select(b => b.Value));
        cluster.CreateTopic("c", 1, 2);
        Assert.False(cluster.Replica(1, "c").IsOffline);

        await cluster.StopNodeAsync(1);
        File.Delete(cluster.DiskOf(1, 2));
        Directory.Move(cluster.DiskOf(1, 9), cluster.DiskOf(1, 2));
        await cluster.StartNodeAsync(1);
        Assert.True(OnDisk(cluster, failing, 2));
        await EmbeddedCluster.UntilAsync(() => cluster.Partition(failing).InSyncReplicas.Length == 2);
    }

    [Fact]
    public async Task A_leader_that_was_elected_uncleanly_has_the_controller_note_that_it_recovered()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(1);
        cluster.CreateTopic("t", 1);
        cluster.Metadata.Append(new Samsa.Protocol.Records.PartitionChangeRecord
        {
            TopicId = cluster.Metadata.State.Image.TopicByName("t")!.Id,
            PartitionId = 0,
            Leader = new BrokerId(1),
            LeaderRecoveryState = (sbyte)LeaderRecoveryState.Recovering,
        });
        await EmbeddedCluster.UntilAsync(() => cluster.Partition("t").LeaderRecoveryState == LeaderRecoveryState.Recovered);
        Assert.Equal(1, cluster.Partition("t").LeaderEpoch.Value);
    }

    private static bool OnDisk(EmbeddedCluster cluster, string topic, int disk) =>
        cluster.Replica(1, topic).Log.Directory.StartsWith(cluster.DiskOf(1, disk) + "/", StringComparison.Ordinal);

    // The metadata has different directories for the two, so each is where the broker said it is.
    private static Task ToldAsync(EmbeddedCluster cluster, string one, string other) => EmbeddedCluster.UntilAsync(() =>
    {
        var (first, second) = (cluster.Partition(one).DirectoryOf(new BrokerId(1)), cluster.Partition(other).DirectoryOf(new BrokerId(1)));
        return first != second && !DirectoryId.IsReserved(first) && !DirectoryId.IsReserved(second);
    });

    private static IEnumerable<int> OfflineReplicas(WireClient client, string topic) => client.Call<MetadataResponse>(
        new MetadataRequest { Topics = [new() { Name = topic }] }, 12).Topics[0].Partitions[0].OfflineReplicas.Select(r => r.Value);
}
