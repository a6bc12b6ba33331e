using System.Net;
using Samsa.Broker.Apis;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeQuorumTests
{
    private static readonly BrokerId s_voter = new(3);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task Where_the_voters_listen_is_told_in_versions_that_can_carry_it(short version, int nodes)
    {
        var nowhere = new IPEndPoint(IPAddress.Loopback, 1);
        var context = new RequestContext(new ConnectionInfo(1, "CONTROLLER", nowhere, nowhere), version, "test");
        var request = new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] };
        var response = await new DescribeQuorum(new Quorum()).HandleAsync(request, context, TestContext.Current.CancellationToken);
        var bytes = new byte[response!.ComputeSize(version)];
        var writer = new ProtocolWriter(bytes);
        response.Write(ref writer, version);
        var reader = new ProtocolReader(bytes);
        var read = new DescribeQuorumResponse();
        read.Read(ref reader, version);
        Assert.Equal((nodes, s_voter), (read.Nodes.Length, read.Topics[0].Partitions[0].LeaderId));
    }

    private sealed class Quorum : IQuorumView
    {
        public QuorumReading Read() => new(
            s_voter, new LeaderEpoch(1), new Offset(7), [new QuorumReplica(s_voter, Guid.Empty, new Offset(7), -1, -1)], [], [new QuorumNode(s_voter, "CONTROLLER", "localhost", 9093)]);
    }
}
