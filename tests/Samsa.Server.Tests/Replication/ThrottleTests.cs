using System.Diagnostics;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using static Samsa.Server.Tests.ProduceAndFetchTests;

namespace Samsa.Server.Tests.Replication;

public sealed class ThrottleTests
{
    private const int Rate = 400_000;
    private const int Bytes = 2_000_000;
    private const int Chunk = 50_000;

    [Theory]
    [InlineData("leader", 1)]
    [InlineData("follower", 3)]
    public async Task A_replica_that_is_moved_takes_its_time_and_nobody_else_is_held_back(string side, int throttled)
    {
        // Measured over two samples of a second, and fetched in small pieces: so the rate is what it takes, give or take two seconds.
        await using var cluster = await EmbeddedCluster.StartAsync(
            3, "replication.quota.window.num=2", "replication.quota.window.size.seconds=1", $"replica.fetch.max.bytes={Chunk}");
        cluster.CreateTopic("t", 1, 2);
        using var client = cluster.Connect(1);
        for (var sent = 0; sent < Bytes; sent += Chunk)
        {
            Assert.Equal(ErrorCode.None, Produce(client, "t", -1, new string('x', Chunk)).ErrorCode);
        }

        cluster.Metadata.Append(
            Setting(ConfigResource.EveryBroker, $"{side}.replication.throttled.rate", $"{Rate}"),
            Setting(ConfigResource.Topic("t"), $"{side}.replication.throttled.replicas", $"0:{throttled}"));
        var start = Stopwatch.GetTimestamp();
        cluster.Metadata.Append(new PartitionChangeRecord
        {
            TopicId = cluster.Metadata.State.Image.TopicByName("t")!.Id,
            PartitionId = 0,
            Replicas = [new(1), new(2), new(3)],
            AddingReplicas = [new(3)],
            Directories = new Guid[3],
        });
        var meanwhile = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (cluster.Partition("t").InSyncReplicas.Length < 3)
        {
            // acks=all waits for the second replica, which is in sync, and for the third no sooner than it has caught up.
            Assert.Equal(ErrorCode.None, Produce(client, "t", -1, "ordinary").ErrorCode);
            meanwhile++;
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{took:F1} s, {meanwhile} records meanwhile");
        Assert.InRange(took, (double)Bytes / Rate - 2, 30);
        Assert.InRange(meanwhile, 60, int.MaxValue);
        Assert.Equal([1, 2, 3], cluster.Partition("t").InSyncReplicas.Select(r => r.Value));
        Assert.Empty(cluster.Partition("t").AddingReplicas);
    }

    private static ConfigRecord Setting(ConfigResource resource, string name, string value) => new()
    {
        ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value,
    };
}
