using System.Net;
using Samsa.Broker.Peers;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Tests.Apis;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Pipeline;

public sealed class ForwardingTests
{
    private readonly InMemoryTransport _transport = new();

    [Fact]
    public async Task Every_request_for_the_controller_is_told_when_none_answers()
    {
        await using var broker = await TestBroker.StartAsync();
        using var channel = Channel();
        var forwarding = new Forwarding(channel, () => false, TimeSpan.FromMilliseconds(1), TimeProvider.System);
        foreach (var api in broker.Apis.All.Where(a => a.IsForwarded))
        {
            for (var version = api.MinVersion; version <= api.MaxVersion; version++)
            {
                var response = await AskAsync(forwarding, broker, Request(api.Info.Key, version), version);
                Assert.Equal((api.Info.Key, version, ErrorCode.RequestTimedOut), (api.Info.Key, version, ErrorOf(response)));
                var writer = new ProtocolWriter(new byte[response.ComputeSize(version)]);
                response.Write(ref writer, version);
            }
        }
    }

    private static async Task<IResponse> AskAsync(Forwarding forwarding, TestBroker broker, IRequest request, short version)
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        var context = new RequestContext(new ConnectionInfo(1, "PLAINTEXT", nowhere, nowhere), version, "test");
        var api = broker.ControllerApis.Find((short)request.ApiKey)!;
        return (await forwarding.HandleAsync(api, request, context, TestContext.Current.CancellationToken))!;
    }

    private static IRequest Request(ApiKey key, short version) => key switch
    {
        ApiKey.CreateTopics => new CreateTopicsRequest { Topics = [new() { Name = "t" }] },
        ApiKey.DeleteTopics => version < 6 ? new DeleteTopicsRequest { TopicNames = ["t"] } : new DeleteTopicsRequest { Topics = [new() { Name = "t" }] },
        ApiKey.CreatePartitions => new CreatePartitionsRequest { Topics = [new() { Name = "t" }] },
        ApiKey.AlterConfigs => new AlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = "t" }] },
        ApiKey.IncrementalAlterConfigs => new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = "t" }] },
        ApiKey.AlterClientQuotas => new AlterClientQuotasRequest { Entries = [new() { Entity = [new() { EntityType = "user" }] }] },
        ApiKey.ElectLeaders => new ElectLeadersRequest { TopicPartitions = [new() { Topic = "t", Partitions = [0] }] },
        _ => ApiCatalog.Get(key).NewRequest(),
    };

    private static ErrorCode ErrorOf(IResponse response) => response switch
    {
        CreateTopicsResponse r => r.Topics[0].ErrorCode,
        DeleteTopicsResponse r => r.Responses[0].ErrorCode,
        CreatePartitionsResponse r => r.Results[0].ErrorCode,
        AlterConfigsResponse r => r.Responses[0].ErrorCode,
        IncrementalAlterConfigsResponse r => r.Responses[0].ErrorCode,
        AlterClientQuotasResponse r => r.Entries[0].ErrorCode,
        ElectLeadersResponse r => r.ReplicaElectionResults[0].PartitionResult[0].ErrorCode,
        UpdateFeaturesResponse r => r.ErrorCode,
        AlterPartitionReassignmentsResponse r => r.ErrorCode,
        ListPartitionReassignmentsResponse r => r.ErrorCode,
        UnregisterBrokerResponse r => r.ErrorCode,
        DescribeQuorumResponse r => r.ErrorCode,
        _ => ErrorCode.None,
    };

    private ControllerChannel Channel() => new(new ControllerChannelOptions
    {
        Local = null,
        IsActive = () => false,
        Directory = new ControllerDirectory(new Dictionary<BrokerId, PeerAddress>(), []),
        Peers = new PeerNetwork(new PeerNetworkOptions { Transport = _transport, ClientId = "broker-1" }),
        ClientId = "broker-1",
        RequestTimeout = TimeSpan.FromSeconds(1),
        Time = TimeProvider.System,
    });
}
