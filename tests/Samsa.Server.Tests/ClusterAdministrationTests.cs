using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class ClusterAdministrationTests
{
    private static readonly BrokerId s_self = new(1);

    [Fact]
    public async Task Leaders_are_elected_where_that_changes_something()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Create(client);
        var response = client.Call<ElectLeadersResponse>(
            new ElectLeadersRequest { TopicPartitions = [new() { Topic = "t", Partitions = [0, 5] }, new() { Topic = "nope", Partitions = [0] }] }, 2);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(
            [ErrorCode.ElectionNotNeeded, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition],
            response.ReplicaElectionResults.SelectMany(r => r.PartitionResult).Select(p => p.ErrorCode));
        Assert.Empty(Assert.Single(client.Call<ElectLeadersResponse>(new ElectLeadersRequest { TopicPartitions = null }, 2).ReplicaElectionResults).PartitionResult);
    }

    [Fact]
    public async Task Partitions_move_only_to_brokers_that_exist()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Create(client);
        ErrorCode Move(params BrokerId[]? replicas) => client.Call<AlterPartitionReassignmentsResponse>(
            new AlterPartitionReassignmentsRequest { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Replicas = replicas }] }] }, 1)
            .Responses[0].Partitions[0].ErrorCode;

        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Move(new BrokerId(9)));
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Move(null));
        Assert.Equal(ErrorCode.None, Move(s_self));
        Assert.Empty(client.Call<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest { Topics = null }, 0).Topics);
    }

    [Fact]
    public async Task A_broker_nobody_knows_cannot_be_unregistered()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, client.Call<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = new BrokerId(9) }, 0).ErrorCode);
    }

    [Fact]
    public async Task The_quorum_of_one_describes_itself()
    {
        await using var server = await TestServer.StartAsync();
        using var client = server.Connect();
        var response = client.Call<DescribeQuorumResponse>(
            new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }, new() { TopicName = "t", Partitions = [new()] }] }, 2);
        var quorum = response.Topics[0].Partitions[0];
        Assert.Equal((ErrorCode.None, s_self), (quorum.ErrorCode, quorum.LeaderId));
        Assert.Equal(quorum.HighWatermark, Assert.Single(quorum.CurrentVoters).LogEndOffset);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, response.Topics[1].Partitions[0].ErrorCode);
    }

    private static void Create(WireClient client) => Assert.Equal(
        ErrorCode.None,
        client.Call<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 1, ReplicationFactor = 1 }] }, 7).Topics[0].ErrorCode);
}
