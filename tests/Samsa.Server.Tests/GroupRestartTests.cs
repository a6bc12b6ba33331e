using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class GroupRestartTests
{
    [Fact]
    public async Task Committed_offsets_survive_a_restart_and_deleted_groups_stay_deleted()
    {
        await using var server = await TestServer.StartAsync("offsets.topic.num.partitions=2");
        using (var client = server.Connect())
        {
            client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
            await FindAsync(client, "kept");
            Assert.Equal(ErrorCode.None, Commit(client, "kept", 17));
            Assert.Equal(ErrorCode.None, Commit(client, "dropped", 18));
            Assert.Equal(ErrorCode.None, client.Call<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = ["dropped"] }, 2).Results[0].ErrorCode);
        }

        await server.RestartAsync();
        using (var client = server.Connect())
        {
            await FindAsync(client, "kept");
            Assert.Equal(17, Position(client, "kept"));
            Assert.Equal(-1, Position(client, "dropped"));
            Assert.Equal("kept", Assert.Single(client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).Groups).GroupId);
        }
    }

    [Fact]
    public async Task A_topic_that_is_deleted_takes_its_committed_offsets_along()
    {
        await using var server = await TestServer.StartAsync("offsets.topic.num.partitions=1");
        using var client = server.Connect();
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        await FindAsync(client, "g");
        Assert.Equal(ErrorCode.None, Commit(client, "g", 17));
        client.Call<DeleteTopicsResponse>(new DeleteTopicsRequest { TopicNames = ["t"], TimeoutMs = 5000 }, 5);
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Assert.Equal(-1, Position(client, "g"));
    }

    private static async Task FindAsync(WireClient client, string group)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (client.Call<FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = [group] }, 4).Coordinators[0].ErrorCode != ErrorCode.None
            || client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).ErrorCode != ErrorCode.None)
        {
            Assert.True(DateTime.UtcNow < deadline, "no coordinator");
            await Task.Yield();
        }
    }

    private static ErrorCode Commit(WireClient client, string group, long offset) => client.Call<OffsetCommitResponse>(
        new OffsetCommitRequest
        {
            GroupId = group,
            GenerationIdOrMemberEpoch = -1,
            Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = new(offset), CommittedMetadata = "" }] }],
        },
        8).Topics[0].Partitions[0].ErrorCode;

    private static long Position(WireClient client, string group) => client.Call<OffsetFetchResponse>(
        new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] }, 9)
        .Groups[0].Topics[0].Partitions[0].CommittedOffset.Value;
}
