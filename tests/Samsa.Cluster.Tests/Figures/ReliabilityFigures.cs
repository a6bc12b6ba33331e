using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Samsa.Cluster.Tests.Evidence;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Interop.Tests.Confluent;
using Samsa.Protocol.Messages;
using Samsa.Server.Tests;
using ErrorCode = Samsa.Model.ErrorCode;

namespace Samsa.Cluster.Tests.Figures;

/// <summary>What docs/reliability.md tells: `./test --faults --figures`.</summary>
public sealed class ReliabilityFigures(ITestOutputHelper output)
{
    private const string Topic = "figures";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Defaults on plain folders and loopback.</summary>
    private static ClusterOptions Plain => new() { HasLinks = false, Properties = ThreeNodes.Properties };

    [Theory(Explicit = true)]
    [InlineData(false, 11)]
    [InlineData(true, 7)]
    public async Task Time_from_a_kill_of_a_leader_to_the_next_acknowledged_write(bool controllerToo, int rounds)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        await KafkaClients.CreateTopicAsync(cluster.Bootstrap, Topic, 6, replicas: 3);
        var times = new List<double>();
        for (int round = 0; round < rounds; round++)
        {
            await cluster.Probe.WholeAsync(Topic, Patience);
            int controller = cluster.Probe.Controller();
            PartitionState partition = cluster.Probe.Partitions(Topic).First(p => p.Leader == controller == controllerToo);
            using var writer = new SteadyWriter(cluster.Bootstrap, Topic, partition.Index);
            await writer.AcknowledgesAsync(20, Patience);
            await cluster[partition.Leader].KillAsync();
            long killed = Stopwatch.GetTimestamp();
            times.Add((await writer.NextAsync(killed, Patience)).TotalSeconds);
            Tell($"round {round}: {times[^1]:F2} s");
            await cluster.StartAllAsync();
        }

        times.Sort();
        Tell($"kill -9 of a leader{(controllerToo ? ", who is the controller too," : "")} to the next acknowledged write: median {times[rounds / 2]:F2} s, {times[0]:F2} to {times[^1]:F2}");
    }

    [Fact(Explicit = true)]
    public async Task Throughput_with_three_replicas_as_a_ratio_to_one()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        var speeds = new Dictionary<short, double>();
        foreach (short replicas in new short[] { 1, 3, 1, 3, 1, 3 })
        {
            string topic = $"{Topic}-{replicas}-{Guid.NewGuid():N}";
            await KafkaClients.CreateTopicAsync(cluster.Bootstrap, topic, 6, new() { ["min.insync.replicas"] = Math.Min((short)2, replicas).ToString(CultureInfo.InvariantCulture) }, replicas);
            await cluster.Probe.WholeAsync(topic, Patience);
            double speed = Fill(cluster.Bootstrap, topic, 6, megabytes: 200);
            speeds[replicas] = Math.Max(speeds.GetValueOrDefault(replicas), speed);
            Tell($"{replicas} replicas, acks=all: {speed:F0} MB/s");
        }

        Tell($"three replicas write at {speeds[3] / speeds[1]:F2} of the speed of one ({speeds[3]:F0} and {speeds[1]:F0} MB/s, best of 3)");
    }

    [Fact(Explicit = true)]
    public async Task Speed_at_which_a_restarted_follower_catches_up()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        await KafkaClients.CreateTopicAsync(cluster.Bootstrap, Topic, 6, replicas: 3);
        await cluster.Probe.WholeAsync(Topic, Patience);
        ClusterNode node = cluster[cluster.Probe.Controller() % 3 + 1];
        await node.KillAsync();
        _ = Fill(cluster.Bootstrap, Topic, 6, megabytes: 600);
        await node.StartAsync();
        TimeSpan took = await cluster.Probe.WholeAsync(Topic, Patience * 3);
        Tell($"600 MB in 6 partitions caught up in {took.TotalSeconds:F1} s: {600 / took.TotalSeconds:F0} MB/s");
    }

    [Theory(Explicit = true)]
    [InlineData(10_000)]
    public async Task Controller_fail_over_with_many_partitions(int partitions)
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        const int perTopic = 1_000;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < partitions / perTopic; i++)
        {
            await KafkaClients.CreateTopicAsync(cluster.Bootstrap, $"{Topic}-{i}", perTopic, replicas: 3);
        }

        string last = $"{Topic}-{partitions / perTopic - 1}";
        await cluster.Probe.WholeAsync(last, Patience * 5);
        Tell($"{partitions} partitions with three replicas are there after {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        int controller = cluster.Probe.Controller();
        int other = controller % 3 + 1;
        await cluster[controller].KillAsync();
        TimeSpan decides = await Until.HoldsAsync(() => Creates(cluster, other), Patience, () => "a decision of the next controller");
        TimeSpan leads = decides + await Until.HoldsAsync(
            () => Enumerable.Range(0, partitions / perTopic).All(i => cluster.Probe.PartitionsSeenBy(other, $"{Topic}-{i}") is { Count: perTopic } p && p.All(s => s.Leader > 0 && s.Leader != controller)),
            Patience, () => "leaders for all partitions");
        Tell($"kill -9 of the controller among {partitions} partitions: the next one decides after {decides.TotalSeconds:F1} s, all partitions have leaders after {leads.TotalSeconds:F1} s");
    }

    private static bool Creates(TestCluster cluster, int node)
    {
        using WireClient client = cluster.Probe.Connect(node, TimeSpan.FromSeconds(2));
        var request = new CreateTopicsRequest { TimeoutMs = 1_500, Topics = [new() { Name = "after-the-fail-over", NumPartitions = 1, ReplicationFactor = 1 }] };
        return client.Call<CreateTopicsResponse>(request, 5).Topics[0].ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists;
    }

    /// <summary>Writes records of 1 KB as fast as they are taken; megabytes per second.</summary>
    private static double Fill(string bootstrap, string topic, int partitions, int megabytes)
    {
        byte[] value = new byte[1_000];
        Random.Shared.NextBytes(value);
        using IProducer<byte[]?, byte[]?> producer = KafkaClients.Producer(bootstrap, c =>
            (c.EnableIdempotence, c.LingerMs, c.BatchSize, c.MessageTimeoutMs, c.QueueBufferingMaxKbytes) = (true, 10, 1_000_000, 120_000, 200_000));
        var messages = Enumerable.Repeat(new Message<byte[]?, byte[]?> { Value = value }, megabytes * 1_000).ToArray();
        long start = Stopwatch.GetTimestamp();
        Assert.DoesNotContain(producer.SendAll(topic, messages, i => i % partitions), r => r.Error.IsError);
        return megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Tell(FormattableString what) => output.WriteLine(what.ToString(CultureInfo.InvariantCulture));
}
