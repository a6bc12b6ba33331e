using System.Net;
using System.Text;
using Samsa.Interop.Processes;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Server.Tests;

namespace Samsa.Cli.Tests.Clusters;

/// <summary>A controller that is no broker, and brokers that know no more of it than where to ask; among themselves they use a listener of their own.</summary>
public sealed class SeparateRolesTests : IDisposable
{
    private const string ClusterId = "4L6g3nShT-eMCtK--X86sw";
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _folder = new();
    private readonly int _controller = FreePort.Next();
    private readonly int[] _clients = [FreePort.Next(), FreePort.Next(), FreePort.Next()];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brokers_follow_a_controller_and_begin_with_its_snapshot_where_they_are_far_behind()
    {
        await using var controller = await BrokerProcess.StartAsync(Controller());
        var brokers = await Task.WhenAll(Enumerable.Range(1, 3).Select(id => BrokerProcess.StartAsync(Broker(id))));
        await using var one = brokers[0];
        await using var two = brokers[1];
        await using (brokers[2])
        {
            Assert.Equal((ErrorCode.None, 3), Create("t", factor: -1));
            Assert.Equal(ErrorCode.None, Produce("t"));
            var quorum = Ask<DescribeQuorumResponse>(
                1, new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] }, 2).Topics[0].Partitions[0];
            Assert.Equal([100], quorum.CurrentVoters.Select(v => v.ReplicaId.Value));
            Assert.Equal([1, 2, 3], quorum.Observers.Select(v => v.ReplicaId.Value).Order());

            // Two of the three are in one rack, so that every pair of replicas has the third.
            Assert.Equal((ErrorCode.None, 2), Create("racks", factor: 2, partitions: 4));
            Assert.All(Topic(2, "racks").Partitions, p => Assert.Contains(3, p.ReplicaNodes.Select(r => r.Value)));
        }

        var names = Enumerable.Range(0, 20).Select(i => $"while-the-third-is-dead-{i}").ToArray();
        Assert.All(names, name => Assert.Equal((ErrorCode.None, 3), Create(name, factor: 3)));
        await using var three = await BrokerProcess.StartAsync(Broker(3));
        Assert.All(names, name => Assert.Equal(ErrorCode.None, Topic(3, name).ErrorCode));
        Assert.Contains("snapshot", three.Log, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(ErrorCode.None, Produce("t"));
    }

    private BrokerSettings Controller() => new(Path.Combine(_folder.Path, "controller"), _controller)
    {
        Listeners = $"CONTROLLER://127.0.0.1:{_controller}",
        ReadyWithin = s_deadline,
        Properties = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["node.id"] = "100",
            ["process.roles"] = "controller",
            ["cluster.id"] = ClusterId,
            ["controller.quorum.voters"] = $"100@127.0.0.1:{_controller}",
            ["controller.listener.names"] = "CONTROLLER",
            ["metadata.log.max.record.bytes.between.snapshots"] = "1000",
        },
    };

    private BrokerSettings Broker(int id)
    {
        var client = _clients[id - 1];
        return new(Path.Combine(_folder.Path, $"{id}"), client)
        {
            Listeners = $"CLIENTS://127.0.0.1:{client},INTERNAL://127.0.0.1:{FreePort.Next()}",
            ReadyWithin = s_deadline,
            Properties = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["node.id"] = $"{id}",
                ["process.roles"] = "broker",
                ["cluster.id"] = ClusterId,
                ["broker.rack"] = id < 3 ? "near" : "far",
                ["controller.quorum.bootstrap.servers"] = $"127.0.0.1:{_controller}",
                ["controller.listener.names"] = "CONTROLLER",
                ["inter.broker.listener.name"] = "INTERNAL",
                ["listener.security.protocol.map"] = "CLIENTS:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT",
            },
        };
    }

    private (ErrorCode Error, int Factor) Create(string name, short factor, int partitions = 1)
    {
        var created = Ask<CreateTopicsResponse>(
            1, new CreateTopicsRequest { Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = factor }], TimeoutMs = 10_000 }, 7).Topics[0];
        return (created.ErrorCode, created.ReplicationFactor);
    }

    private ErrorCode Produce(string topic)
    {
        using var batch = new RecordBatchBuilder();
        batch.Append(1, null, Encoding.UTF8.GetBytes("value"));
        return Ask<ProduceResponse>(Topic(1, topic).Partitions[0].LeaderId.Value, new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 10_000,
            TopicData = [new() { Name = topic, PartitionData = [new() { Records = new RecordsPayload(batch.Build().ToArray()) }] }],
        }, 12).Responses[0].PartitionResponses[0].ErrorCode;
    }

    private MetadataResponse.MetadataResponseTopic Topic(int broker, string name) =>
        Ask<MetadataResponse>(broker, new MetadataRequest { Topics = [new() { Name = name }], AllowAutoTopicCreation = false }, 12).Topics[0];

    private TResponse Ask<TResponse>(int broker, IRequest request, short version)
        where TResponse : IResponse
    {
        using var client = new WireClient(new IPEndPoint(IPAddress.Loopback, _clients[broker - 1]));
        return client.Call<TResponse>(request, version);
    }
}
