using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using static Samsa.Server.Tests.ProduceAndFetchTests;

namespace Samsa.Server.Tests.Replication;

public sealed class ReplicationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_acknowledged_by_all_is_on_every_replica_byte_for_byte(bool flushOnAck)
    {
        await using var cluster = await EmbeddedCluster.StartAsync(3, $"samsa.flush.on.ack={flushOnAck.ToString().ToLowerInvariant()}");
        cluster.CreateTopic("t", 1, 2, 3);
        using var client = cluster.Connect(1);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ErrorCode.None, Produce(client, "t", -1, $"a{i}", $"b{i}").ErrorCode);
            Assert.Equal(cluster.Bytes(1, "t"), cluster.Bytes(2, "t"));
            Assert.Equal(cluster.Bytes(1, "t"), cluster.Bytes(3, "t"));
        }

        if (flushOnAck)
        {
            Assert.All([1, 2, 3], n => Assert.Equal(40, cluster.Replica(n, "t").Log.RecoveryPoint.Value));
        }

        await cluster.ReplicatedAsync("t", 40, 1, 2, 3);
        Assert.Equal(40, Fetch(client, "t", 0).Count);
    }

    [Fact]
    public async Task Records_that_a_replica_lacks_are_neither_acknowledged_nor_served()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2);
        cluster.CreateTopic("t", 1, 2);
        using var client = cluster.Connect(1);
        await cluster.StopNodeAsync(2);
        Assert.Equal(ErrorCode.None, Produce(client, "t", 1, "a").ErrorCode);
        var request = ProduceRequest("t", -1, "b");
        request.TimeoutMs = 200;
        Assert.Equal(ErrorCode.RequestTimedOut, client.Call<ProduceResponse>(request, 9).Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Empty(Values(client.Call<FetchResponse>(FetchRequest("t", 0, maxWaitMs: 0), 12)));

        client.Send(FetchRequest("t", 0, maxWaitMs: 30_000), 12);
        await cluster.StartNodeAsync(2);
        Assert.Equal(["a", "b"], Values(client.Receive<FetchResponse>(ApiKey.Fetch, 12)));
    }

    [Fact]
    public async Task Records_are_deleted_on_every_replica_before_it_is_answered()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(3);
        cluster.CreateTopic("t", 1, 2, 3);
        using var client = cluster.Connect(1);
        Produce(client, "t", -1, "a", "b", "c");
        Assert.Equal((ErrorCode.None, 2), Delete(client, before: 2, timeoutMs: 30_000));
        Assert.All([1, 2, 3], n => Assert.Equal(2, cluster.Replica(n, "t").Log.LogStartOffset.Value));

        // Not fenced yet, so that it counts as alive.
        await cluster.StopNodeAsync(3);
        Assert.Equal((ErrorCode.RequestTimedOut, 2), Delete(client, before: 3, timeoutMs: 200));
        Assert.Equal(3, cluster.Replica(1, "t").Log.LogStartOffset.Value);

        client.Send(DeletionRequest(before: 3, timeoutMs: 30_000), 2);
        await cluster.StartNodeAsync(3);
        Assert.Equal((ErrorCode.None, 3), Deleted(client.Receive<DeleteRecordsResponse>(ApiKey.DeleteRecords, 2)));
        Assert.Equal(3, cluster.Replica(3, "t").Log.LogStartOffset.Value);
    }

    [Fact]
    public async Task Whoever_is_fenced_is_not_waited_for_when_records_are_deleted()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2);
        cluster.CreateTopic("t", 1, 2);
        using var client = cluster.Connect(1);
        Produce(client, "t", -1, "a", "b");
        await cluster.StopNodeAsync(2);
        client.Send(DeletionRequest(before: 1, timeoutMs: 30_000), 2);
        await EmbeddedCluster.UntilAsync(() => cluster.Replica(1, "t").Log.LogStartOffset.Value == 1);
        var gone = cluster.Metadata.State.Image.Brokers[new BrokerId(2)];
        cluster.Metadata.Append(
            new Samsa.Protocol.Records.BrokerRegistrationChangeRecord { BrokerId = gone.Id, BrokerEpoch = gone.Epoch, Fenced = 1 },
            new Samsa.Protocol.Records.PartitionChangeRecord { TopicId = cluster.Metadata.State.Image.TopicByName("t")!.Id, PartitionId = 0, Isr = [new(1)] });
        Assert.Equal((ErrorCode.None, 1), Deleted(client.Receive<DeleteRecordsResponse>(ApiKey.DeleteRecords, 2)));
    }

    [Fact]
    public async Task A_new_leader_goes_on_where_the_old_one_was_and_who_led_cuts_off_what_only_he_had()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2);
        cluster.CreateTopic("t", 1, 2);
        using (var client = cluster.Connect(1))
        {
            Produce(client, "t", -1, "a", "b");
            await cluster.StopNodeAsync(2);
            Produce(client, "t", 1, "lost");
        }

        await cluster.StopNodeAsync(1);
        cluster.Elect("t", 2, 2);
        await cluster.StartNodeAsync(2);
        using (var client = cluster.Connect(2))
        {
            Assert.Equal(2, Produce(client, "t", -1, "c").BaseOffset.Value);
            Assert.Equal(["a", "b", "c"], Fetch(client, "t", 0));
        }

        await cluster.StartNodeAsync(1);
        await cluster.ReplicatedAsync("t", 3, 1, 2);
        Assert.Equal(cluster.Bytes(2, "t"), cluster.Bytes(1, "t"));
        Assert.Equal(2, cluster.Partition("t").Leader.Value);
    }

    [Fact]
    public async Task Whoever_waits_for_a_leader_that_is_none_any_more_is_told_who_leads_now()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(3);
        cluster.CreateTopic("t", 1, 2);
        await cluster.StopNodeAsync(2);
        using var client = cluster.Connect(1);
        client.Send(ProduceRequest("t", -1, "a"), 12);
        await EmbeddedCluster.UntilAsync(() => cluster.Replica(1, "t").Log.LogEndOffset.Value == 1);
        cluster.Elect("t", 2, 1, 2);
        var answer = client.Receive<ProduceResponse>(ApiKey.Produce, 12);
        AssertHint(answer.Responses[0].PartitionResponses[0].ErrorCode, answer.Responses[0].PartitionResponses[0].CurrentLeader?.LeaderId, answer.NodeEndpoints.Length);

        using var elsewhere = cluster.Connect(3);
        answer = elsewhere.Call<ProduceResponse>(ProduceRequest("t", -1, "a"), 12);
        AssertHint(answer.Responses[0].PartitionResponses[0].ErrorCode, answer.Responses[0].PartitionResponses[0].CurrentLeader?.LeaderId, answer.NodeEndpoints.Length);

        static void AssertHint(ErrorCode error, BrokerId? leader, int endpoints)
        {
            Assert.Equal(ErrorCode.NotLeaderOrFollower, error);
            Assert.Equal(2, leader?.Value);
            Assert.Equal(1, endpoints);
        }
    }

    [Fact]
    public async Task A_partition_that_cannot_be_followed_holds_no_other_back()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2);
        cluster.CreateTopic("broken", 1, 2);
        cluster.CreateTopic("whole", 1, 2);
        using var client = cluster.Connect(1);
        await cluster.StopNodeAsync(2);
        Produce(client, "broken", 1, "a");
        Produce(client, "whole", 1, "a");
        var segment = Path.Combine(cluster.Replica(1, "broken").Log.Directory, "00000000000000000000.log");
        FlipLastByte(segment);
        await cluster.StartNodeAsync(2);
        await cluster.ReplicatedAsync("whole", 1, 1, 2);
        Assert.Equal(ErrorCode.None, Produce(client, "whole", -1, "b").ErrorCode);
        Assert.Equal(0, cluster.Replica(2, "broken").Log.LogEndOffset.Value);

        FlipLastByte(segment);
        await cluster.ReplicatedAsync("broken", 1, 1, 2);
    }

    [Fact]
    public async Task A_consumer_is_sent_to_the_replica_in_its_rack_and_reads_there_what_is_committed()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(2, "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector");
        cluster.CreateTopic("t", 1, 2);
        using var leader = cluster.Connect(1);
        Produce(leader, "t", -1, "a");
        await cluster.ReplicatedAsync("t", 1, 1, 2);
        var request = FetchRequest("t", 0, maxWaitMs: 1000);
        request.RackId = "rack-2";
        var answer = leader.Call<FetchResponse>(request, 12).Responses[0].Partitions[0];
        Assert.Equal(2, answer.PreferredReadReplica.Value);
        Assert.Equal(0, answer.Records.Length);

        using var follower = cluster.Connect(2);
        Assert.Equal(["a"], Fetch(follower, "t", 0));
        follower.Send(FetchRequest("t", 1, maxWaitMs: 30_000), 12);
        Produce(leader, "t", -1, "b");
        Assert.Equal(["b"], Values(follower.Receive<FetchResponse>(ApiKey.Fetch, 12)));
    }

    [Fact]
    public async Task A_replica_that_was_moved_elsewhere_leaves_nothing_behind()
    {
        await using var cluster = await EmbeddedCluster.StartAsync(3);
        cluster.CreateTopic("t", 1, 2);
        using var client = cluster.Connect(1);
        Produce(client, "t", -1, "a");
        var topic = cluster.Metadata.State.Image.TopicByName("t")!.Id;
        var directory = cluster.Replica(2, "t").Log.Directory;
        cluster.Metadata.Append(new Samsa.Protocol.Records.PartitionChangeRecord
        {
            TopicId = topic, PartitionId = 0, Replicas = [new(1), new(3)], Isr = [new(1)], Directories = new Guid[2],
        });
        Assert.False(Directory.Exists(directory));
        await cluster.ReplicatedAsync("t", 1, 1, 3);
        Assert.Equal(cluster.Bytes(1, "t"), cluster.Bytes(3, "t"));
    }

    private static void FlipLastByte(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = stream.Length - 1;
        var last = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)~last);
    }

    private static DeleteRecordsRequest DeletionRequest(long before, int timeoutMs) => new()
    {
        Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Offset = new Offset(before) }] }], TimeoutMs = timeoutMs,
    };

    private static (ErrorCode, long) Delete(WireClient client, long before, int timeoutMs) =>
        Deleted(client.Call<DeleteRecordsResponse>(DeletionRequest(before, timeoutMs), 2));

    private static (ErrorCode, long) Deleted(DeleteRecordsResponse answer) =>
        (answer.Topics[0].Partitions[0].ErrorCode, answer.Topics[0].Partitions[0].LowWatermark.Value);
}
