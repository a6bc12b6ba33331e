using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Samsa.Cluster.Tests.Evidence;
using Samsa.Cluster.Tests.Faults;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;
using Samsa.Interop.Tests.Confluent;
using Samsa.Protocol.Messages;
using Samsa.Server.Tests;
using ErrorCode = Samsa.Model.ErrorCode;

namespace Samsa.Cluster.Tests.Figures;

/// <summary>What docs/reliability.md tells: `./test --faults --figures`, which also runs the controllers' MetadataFigures.</summary>
public sealed class ReliabilityFigures(ITestOutputHelper output)
{
    private const string Topic = "figures";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Defaults on plain folders and loopback.</summary>
    private static ClusterOptions Plain => new() { HasLinks = false, Properties = ThreeNodes.Properties };

    /// <summary>Heartbeats come so often that a session holds four and a half, as with the defaults.</summary>
    [Theory(Explicit = true)]
    [InlineData(9_000, false)]
    [InlineData(2_000, false)]
    [InlineData(1_500, false)]
    [InlineData(9_000, true)]
    public async Task Time_from_a_kill_of_a_leader_to_the_next_acknowledged_write(int sessionMs, bool controllerToo)
    {
        const int rounds = 7;
        await using TestCluster cluster = await TestCluster.StartAsync(With("broker.session.timeout.ms", sessionMs, "broker.heartbeat.interval.ms", sessionMs * 2 / 9));
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
        Tell($"sessions of {sessionMs} ms: kill -9 of a leader{(controllerToo ? ", who is the controller too," : "")} to the next acknowledged write: median {times[rounds / 2]:F2} s of {rounds}, {times[0]:F2} to {times[^1]:F2}");
    }

    /// <summary>FaultRun tells the longest time without an acknowledgement.</summary>
    [Theory(Explicit = true)]
    [InlineData("restart each 0;")]
    [InlineData("kill all 0;")]
    public async Task Longest_silence_while_nodes_are_restarted(string plan)
    {
        await using FaultRun run = await FaultRun.StartAsync(output, Plain, new TopicPlan("figures") { Readers = 0 });
        await run.ExecuteAsync(FaultPlan.Parse(plan, 1));
        await run.FinishAsync();
        Tell($"{plan} failed produces: {run.Loads[0].Failed} of {run.Loads[0].Acknowledged}");
    }

    [Fact(Explicit = true)]
    public async Task Throughput_with_three_replicas_as_a_ratio_to_one()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        const int megabytes = 400;
        var speeds = new Dictionary<short, double>();
        foreach (short replicas in new short[] { 1, 3, 1, 3, 1, 3, 1, 3 })
        {
            string topic = $"{Topic}-{replicas}-{Guid.NewGuid():N}";
            await KafkaClients.CreateTopicAsync(cluster.Bootstrap, topic, 6, new() { ["min.insync.replicas"] = Math.Min((short)2, replicas).ToString(CultureInfo.InvariantCulture) }, replicas);
            await cluster.Probe.WholeAsync(topic, Patience);
            Touch(cluster);
            TimeSpan before = CpuOf(cluster);
            TimeSpan own = Environment.CpuUsage.TotalTime;
            double speed = Fill(cluster.Bootstrap, topic, 6, megabytes);
            speeds[replicas] = Math.Max(speeds.GetValueOrDefault(replicas), speed);
            double perGigabyte = (CpuOf(cluster) - before).TotalSeconds * 1_000 / megabytes;
            Tell($"{replicas} replicas, acks=all: {speed:F0} MB/s; {perGigabyte:F2} CPU s/GB of all nodes, {(Environment.CpuUsage.TotalTime - own).TotalSeconds * 1_000 / megabytes:F2} of the producer");
        }

        Tell($"three replicas write at {speeds[3] / speeds[1]:F2} of the speed of one ({speeds[3]:F0} and {speeds[1]:F0} MB/s, best of 4)");
    }

    [Fact(Explicit = true)]
    public async Task Speed_at_which_a_restarted_follower_catches_up()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(Plain);
        await KafkaClients.CreateTopicAsync(cluster.Bootstrap, Topic, 6, replicas: 3);
        await cluster.Probe.WholeAsync(Topic, Patience);
        ClusterNode node = cluster[cluster.Probe.Controller() % 3 + 1];
        await node.KillAsync();
        const int megabytes = 1_000;
        _ = Fill(cluster.Bootstrap, Topic, 6, megabytes);
        Touch(cluster);

        // It fetches before it serves, so all of its start is in the time.
        long start = Stopwatch.GetTimestamp();
        await node.StartAsync();
        double ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await cluster.Probe.WholeAsync(Topic, Patience * 3);
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Tell($"{megabytes} MB in 6 partitions caught up in {took:F1} s, {ready:F1} of them until it served: {megabytes / took:F0} MB/s");
    }

    [Theory(Explicit = true)]
    [InlineData(1_000)]
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

    private static TimeSpan CpuOf(TestCluster cluster) => cluster.Nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.CpuTime);

    /// <summary>
    /// A virtual machine gets its memory from the host page by page, at the first touch, and whoever writes into the page cache then pays for it.
    /// See docs/performance.md.
    /// </summary>
    private static void Touch(TestCluster cluster)
    {
        string path = Path.Combine(cluster[1].DataDirectory, "..", "touched");
        byte[] zeros = new byte[1 << 20];
        using (FileStream file = File.Create(path))
        {
            for (int i = 0; i < 4_000; i++)
            {
                file.Write(zeros);
            }
        }

        File.Delete(path);
    }

    private static ClusterOptions With(string name, int value, string another, int anothers) => Plain with
    {
        Properties = new Dictionary<string, string>(ThreeNodes.Properties, StringComparer.Ordinal)
        {
            [name] = value.ToString(CultureInfo.InvariantCulture), [another] = anothers.ToString(CultureInfo.InvariantCulture),
        },
    };

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
