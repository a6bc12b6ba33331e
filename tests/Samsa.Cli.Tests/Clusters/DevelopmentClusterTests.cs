using System.Text;
using Samsa.Interop.Processes;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Server.Tests;

namespace Samsa.Cli.Tests.Clusters;

/// <summary>Three real processes, and a fourth that joins them.</summary>
public sealed class DevelopmentClusterTests : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Three_nodes_serve_with_the_defaults_of_a_cluster_and_stop_cleanly()
    {
        await using var cluster = await DevelopmentCluster.StartAsync(Path.Combine(_folder.Path, "cluster"));
        var quorum = Quorum(cluster, 1);
        Assert.Equal([1, 2, 3], quorum.CurrentVoters.Select(v => v.ReplicaId.Value).Order());

        // Two of these three are passed on to the controller.
        for (var node = 1; node <= 3; node++)
        {
            var created = cluster.Ask<CreateTopicsResponse>(node, CreateTopic($"by-{node}", -1), 7).Topics[0];
            Assert.Equal((ErrorCode.None, (short)3), (created.ErrorCode, created.ReplicationFactor));
            Assert.Equal("2", created.Configs!.Single(c => c.Name == "min.insync.replicas").Value);
        }

        await UntilAsync(() => Enumerable.Range(1, 3).All(node => Brokers(cluster, node).SequenceEqual([1, 2, 3])), "all brokers known everywhere");
        Assert.Equal(ErrorCode.None, cluster.Ask<FindCoordinatorResponse>(2, new FindCoordinatorRequest { CoordinatorKeys = ["g"] }, 4).Coordinators[0].ErrorCode);
        Assert.All(Topic(cluster, 3, "__consumer_offsets").Partitions, p => Assert.Equal(3, p.ReplicaNodes.Length));

        Assert.Equal(ExitCode.Success, await cluster.StopAsync());
        Assert.Equal(3, cluster.Output.Split("Samsa stopped cleanly").Length - 1);
        for (var node = 1; node <= 3; node++)
        {
            Assert.True(File.Exists(Path.Combine(cluster.Data, $"{node}", ".kafka_cleanshutdown")));
        }
    }

    [Fact]
    public async Task A_broker_joins_gets_a_replica_loses_a_disk_leaves_and_is_forgotten()
    {
        await using var cluster = await DevelopmentCluster.StartAsync(Path.Combine(_folder.Path, "cluster"));
        Assert.Equal(ErrorCode.None, cluster.Ask<CreateTopicsResponse>(1, CreateTopic("t", 3, partitions: 2), 7).Topics[0].ErrorCode);
        for (var i = 0; i < 3; i++)
        {
            // More than a follower fetches at a time.
            Produce(cluster, 0, 900_000);
            Produce(cluster, 1, 900_000);
        }

        string[] disks = [Path.Combine(_folder.Path, "four-a"), Path.Combine(_folder.Path, "four-b")];
        var settings = Fourth(cluster, cluster.ClusterId, string.Join(',', disks));
        await using (var fourth = await BrokerProcess.StartAsync(settings))
        {
            await UntilAsync(() => Brokers(cluster, 1).SequenceEqual([1, 2, 3, 4]), "the fourth broker known");
            await MoveAndThinkBetterOfItAsync(cluster);
            Assert.Equal("t-0: replicas 4,1,2\nt-1: replicas 4,1,2\n", await SamsaAsync(cluster, "cluster", "reassign", "--topic", "t", "--replicas", "4,1,2"));
            await UntilAsync(() => Topic(cluster, 1, "t").Partitions.All(p => IsWhole(p, 4, 1, 2)), "both partitions moved");
            Assert.DoesNotContain("t-", await SamsaAsync(cluster, "cluster", "describe"), StringComparison.Ordinal);

            // The two lie on different disks: one goes with the second, the other stays.
            Directory.Move(disks[1], disks[1] + "-gone");
            await UntilAsync(() => Topic(cluster, 1, "t").Partitions.Count(p => p.IsrNodes.Length == 2) == 1, "one replica offline");
            var partitions = Topic(cluster, 1, "t").Partitions;
            Assert.Equal([4], partitions.SelectMany(p => p.OfflineReplicas).Select(r => r.Value));
            Assert.Contains(" is not whole: leader ", await SamsaAsync(cluster, "cluster", "describe"), StringComparison.Ordinal);
            Assert.NotEqual(4, partitions.Single(p => p.IsrNodes.Length == 2).LeaderId.Value);

            // Controlled shutdown: nobody waits for its leaderships.
            Assert.Equal(ExitCode.Success, await fourth.StopAsync());
            Assert.All(Topic(cluster, 1, "t").Partitions, p => Assert.Contains(p.LeaderId.Value, (int[])[1, 2]));
        }

        // A new disk is filled from the others.
        await using (var fourth = await BrokerProcess.StartAsync(settings))
        {
            await UntilAsync(() => Topic(cluster, 1, "t").Partitions.All(p => IsWhole(p, 4, 1, 2)), "both partitions caught up");
            await SamsaAsync(cluster, "cluster", "reassign", "--from", "4", "--to", "1,2,3");
            await UntilAsync(() => Topic(cluster, 1, "t").Partitions.All(p => IsWhole(p, 3, 1, 2)), "both partitions moved away");
            Assert.Equal(ExitCode.Success, await fourth.StopAsync());
        }

        Assert.Contains("broker 4 at ", await SamsaAsync(cluster, "cluster", "describe"), StringComparison.Ordinal);
        await SamsaAsync(cluster, "cluster", "unregister", "--broker", "4");
        await UntilAsync(() => Brokers(cluster, 1, fenced: true).SequenceEqual([1, 2, 3]), "the fourth broker forgotten");
        Assert.Equal(ExitCode.Success, await cluster.StopAsync());
    }

    [Fact]
    public async Task A_broker_of_another_cluster_is_refused_in_words()
    {
        await using var cluster = await DevelopmentCluster.StartAsync(Path.Combine(_folder.Path, "cluster"));
        var foreign = Fourth(cluster, "MkU3OEVBNTcwNTJENDM2Qk", Path.Combine(_folder.Path, "foreign"));
        var refused = await Assert.ThrowsAsync<BrokerFailedException>(() => BrokerProcess.StartAsync(foreign));
        Assert.Contains("MkU3OEVBNTcwNTJENDM2Qk", refused.Message, StringComparison.Ordinal);
        Assert.Contains("another cluster", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    private static BrokerSettings Fourth(DevelopmentCluster cluster, string clusterId, string data) => new(data, FreePort.Next())
    {
        ReadyWithin = s_deadline,
        Properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["node.id"] = "4",
            ["process.roles"] = "broker",
            ["cluster.id"] = clusterId,
            ["controller.quorum.voters"] = cluster.Voters,
            ["controller.listener.names"] = "CONTROLLER",
        },
    };

    private static CreateTopicsRequest CreateTopic(string name, short factor, int partitions = 1) => new()
    {
        Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = factor }], TimeoutMs = 10_000,
    };

    private static async Task<string> SamsaAsync(DevelopmentCluster cluster, params string[] arguments)
    {
        var run = await CommandLine.RunAsync([.. arguments, "--bootstrap", $"localhost:{cluster.BasePort}"]);
        Assert.True(run.ExitCode == ExitCode.Success, run.Error);
        return run.Output;
    }

    // Held to a byte a second, a move does not end by itself.
    private static async Task MoveAndThinkBetterOfItAsync(DevelopmentCluster cluster)
    {
        Set(cluster, 4, "", "follower.replication.throttled.rate", "1");
        Set(cluster, 2, "t", "follower.replication.throttled.replicas", "*");
        await SamsaAsync(cluster, "cluster", "reassign", "--topic", "t", "--replicas", "4,1,2");
        Assert.Contains("t-0 is being moved: replicas 4,1,2,3, adding 4, removing 3", await SamsaAsync(cluster, "cluster", "describe"), StringComparison.Ordinal);
        Assert.Equal("t-0: stays where it was\nt-1: stays where it was\n", await SamsaAsync(cluster, "cluster", "reassign", "--cancel"));
        Assert.DoesNotContain("is being moved", await SamsaAsync(cluster, "cluster", "describe"), StringComparison.Ordinal);
        await UntilAsync(() => Topic(cluster, 1, "t").Partitions.All(p => p.ReplicaNodes.Select(r => r.Value).Order().SequenceEqual([1, 2, 3])), "the three replicas it had");
        Set(cluster, 4, "", "follower.replication.throttled.rate", "1000000000");
    }

    private static void Set(DevelopmentCluster cluster, sbyte type, string resource, string name, string value) => Assert.Equal(
        ErrorCode.None,
        cluster.Ask<IncrementalAlterConfigsResponse>(1, new IncrementalAlterConfigsRequest
        {
            Resources = [new() { ResourceType = type, ResourceName = resource, Configs = [new() { Name = name, Value = value }] }],
        }, 1).Responses[0].ErrorCode);

    private static void Produce(DevelopmentCluster cluster, int partition, int bytes)
    {
        using var batch = new RecordBatchBuilder();
        batch.Append(1, null, Encoding.UTF8.GetBytes(new string('x', bytes)));
        var answer = cluster.Ask<ProduceResponse>(Topic(cluster, 1, "t").Partitions[partition].LeaderId.Value, new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 10_000,
            TopicData = [new() { Name = "t", PartitionData = [new() { Index = partition, Records = new RecordsPayload(batch.Build().ToArray()) }] }],
        }, 12);
        Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
    }

    private static bool IsWhole(MetadataResponse.MetadataResponsePartition partition, params int[] replicas) =>
        partition.ReplicaNodes.Select(r => r.Value).SequenceEqual(replicas) && partition.IsrNodes.Length == replicas.Length;

    private static MetadataResponse.MetadataResponseTopic Topic(DevelopmentCluster cluster, int node, string name) =>
        cluster.Ask<MetadataResponse>(node, new MetadataRequest { Topics = [new() { Name = name }] }, 12).Topics[0];

    private static IEnumerable<int> Brokers(DevelopmentCluster cluster, int node, bool fenced = false) => cluster.Ask<DescribeClusterResponse>(
        node, new DescribeClusterRequest { IncludeFencedBrokers = fenced, EndpointType = 1 }, 2).Brokers.Select(b => b.BrokerId.Value).Order();

    private static DescribeQuorumResponse.PartitionData Quorum(DevelopmentCluster cluster, int node) => cluster.Ask<DescribeQuorumResponse>(
        node, new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] }, 2).Topics[0].Partitions[0];

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var late = new CancellationTokenSource(s_deadline);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!condition())
            {
                await looks.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"not within {s_deadline.TotalSeconds:0} s: {what}");
        }
    }
}
