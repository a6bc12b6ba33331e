using System.Text;
using Samsa.Cluster.Tests.Faults;
using Samsa.Cluster.Tests.Network;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Cluster.Tests.Workloads;
using Samsa.Interop.Processes;
using Samsa.Interop.Tests.Confluent;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Server.Tests;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>A minority that is cut off from its peers, and still reached by clients, does not pretend.</summary>
public sealed class IsolationTests(ITestOutputHelper output)
{
    private const string Probed = "probed";

    [Fact]
    public async Task A_leader_that_is_cut_off_acknowledges_nothing_that_the_others_have_not()
    {
        TestTool.Require(NamespaceNetwork.Obstacle is null, $"iproute2 for root ({NamespaceNetwork.Obstacle})");
        await using FaultRun run = await FaultRun.StartAsync(output, ThreeNodes.Options, new TopicPlan("load"));
        await KafkaClients.CreateTopicAsync(run.Cluster.Bootstrap, Probed, replicas: 3);
        await run.Cluster.Probe.WholeAsync(Probed, TimeSpan.FromSeconds(30));
        int old = run.Cluster.Probe.Partitions(Probed)[0].Leader;
        int other = old % 3 + 1;
        var faults = new FaultInjector(run.Cluster);
        await faults.BeginAsync(FaultKind.Cut, [old]);
        run.Tell($"node {old}, leader of {Probed}-0, is cut off");

        // At once: it still believes to lead, takes the record, and waits in vain.
        ErrorCode early = Produce(run.Cluster, old, "while it believes to lead");
        TimeSpan elected = await Until.HoldsAsync(
            () => run.Cluster.Probe.PartitionsSeenBy(other, Probed) is [{ Leader: > 0 } p] && p.Leader != old, TimeSpan.FromSeconds(40), () => "another leader");
        int leader = run.Cluster.Probe.PartitionsSeenBy(other, Probed)[0].Leader;
        run.Tell($"node {leader} leads {elected.TotalSeconds:F1} s later; the old leader said {early}");
        ErrorCode late = Produce(run.Cluster, old, "when another one leads");
        ErrorCode good = Produce(run.Cluster, leader, "to the new leader");
        run.Tell($"after that the old leader said {late}, the new one {good}");
        Assert.NotEqual(ErrorCode.None, early);
        Assert.NotEqual(ErrorCode.None, late);
        Assert.Equal(ErrorCode.None, good);

        await faults.EndAsync();
        await run.SettlesAsync();
        await run.FinishLoadsAsync();
        var values = KafkaClients.ReadAll(run.Cluster.Bootstrap, Probed, 1)[0].Select(r => Encoding.UTF8.GetString(r.Message.Value!));
        Assert.Equal(["to the new leader"], values);
    }

    [Fact]
    public async Task A_controller_that_is_cut_off_decides_nothing()
    {
        TestTool.Require(NamespaceNetwork.Obstacle is null, $"iproute2 for root ({NamespaceNetwork.Obstacle})");
        await using FaultRun run = await FaultRun.StartAsync(output, ThreeNodes.Options, new TopicPlan("load") { Readers = 0 });
        int old = run.Cluster.Probe.Controller();
        int other = old % 3 + 1;
        Assert.InRange(old, 1, 3);
        var faults = new FaultInjector(run.Cluster);
        await faults.BeginAsync(FaultKind.Cut, [old]);
        ErrorCode early = CreateTopic(run.Cluster, old, "in-vain");
        TimeSpan elected = await Until.HoldsAsync(
            () => run.Cluster.Probe.ControllerSeenBy(other) is > 0 and int now && now != old, TimeSpan.FromSeconds(40), () => "another controller");
        run.Tell($"controller {old} was cut off and said {early}; {run.Cluster.Probe.ControllerSeenBy(other)} leads {elected.TotalSeconds:F1} s later");
        ErrorCode good = ErrorCode.UnknownServerError;
        await Until.HoldsAsync(() => (good = CreateTopic(run.Cluster, other, "in-earnest")) == ErrorCode.None, TimeSpan.FromSeconds(20), () => $"a topic from the majority; it says {good}");
        Assert.NotEqual(ErrorCode.None, CreateTopic(run.Cluster, old, "in-vain-again"));
        Assert.NotEqual(ErrorCode.None, early);

        await faults.EndAsync();
        await run.SettlesAsync();
        // What was asked of the minority may be done later, as with any request that timed out; but then for all nodes.
        string[] views = [];
        await Until.HoldsAsync(
            () => (views = [.. run.Cluster.Nodes.Select(n => ViewOf(run.Cluster, n.Id))]).Distinct().Count() == 1,
            TimeSpan.FromSeconds(30),
            () => $"one view of all topics: {string.Join('\n', views)}");
        Assert.NotEmpty(run.Cluster.Probe.Partitions("in-earnest"));
        await run.FinishAsync();
    }

    private static string ViewOf(TestCluster cluster, int node) => string.Join('|', new[] { "in-vain", "in-vain-again", "in-earnest" }
        .Select(topic => $"{topic} {string.Join("; ", cluster.Probe.PartitionsSeenBy(node, topic))}"));

    private static ErrorCode Produce(TestCluster cluster, int node, string value)
    {
        using var batch = new RecordBatchBuilder();
        batch.Append(1_700_000_000_000, null, Encoding.UTF8.GetBytes(value));
        var request = new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 2_000,
            TopicData = [new() { Name = Probed, PartitionData = [new() { Index = 0, Records = new RecordsPayload(batch.Build().ToArray()) }] }],
        };
        return Asked(cluster, node, client => client.Call<ProduceResponse>(request, 9).Responses[0].PartitionResponses[0].ErrorCode);
    }

    private static ErrorCode CreateTopic(TestCluster cluster, int node, string name)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 2_000, Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 3 }] };
        return Asked(cluster, node, client => client.Call<CreateTopicsResponse>(request, 5).Topics[0].ErrorCode);
    }

    /// <summary>The node's answer; silence is a request that timed out.</summary>
    private static ErrorCode Asked(TestCluster cluster, int node, Func<WireClient, ErrorCode> ask)
    {
        try
        {
            using WireClient client = cluster.Probe.Connect(node, TimeSpan.FromSeconds(5));
            return ask(client);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            return ErrorCode.RequestTimedOut;
        }
    }
}
