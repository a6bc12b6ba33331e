using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class ConsumerGroupTests
{
    private const string Group = "g";

    [Fact]
    public async Task Members_of_the_new_protocol_share_a_topic_and_go_on_after_a_restart()
    {
        await using var server = await StartAsync();
        TopicId topic;
        using (var client = server.Connect())
        {
            topic = client.Call<CreateTopicsResponse>(new CreateTopicsRequest { Topics = [new() { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }], TimeoutMs = 5000 }, 7).Topics[0].TopicId;
            Find(client, Group);
            Assert.Equal((1, 3), Told(Heartbeat(client, "a", 0, [], "t")));
            Assert.Equal((2, 0), Told(Heartbeat(client, "b", 0, [], "t")));
            var kept = Heartbeat(client, "a", 1, null).Assignment!.TopicPartitions[0].Partitions;
            Assert.Equal((2, null), Told(Heartbeat(client, "a", 1, kept, topic: topic)));
            Assert.Equal((2, 3 - kept.Length), Told(Heartbeat(client, "b", 2, [])));
            Assert.Equal(ErrorCode.None, Commit(client, topic, "a", 2, kept[0]));
            Assert.Equal(ErrorCode.StaleMemberEpoch, Commit(client, topic, "a", 3, kept[0]));
            Assert.Equal(ErrorCode.UnknownTopicId, Commit(client, TopicId.Create(), "a", 2, kept[0]));
        }

        await server.RestartAsync();
        using (var client = server.Connect())
        {
            Find(client, Group);
            Assert.Equal((2, null), Told(Heartbeat(client, "a", 2, null)));
            var described = client.Call<ConsumerGroupDescribeResponse>(new ConsumerGroupDescribeRequest { GroupIds = [Group, "none"], IncludeAuthorizedOperations = true }, 1).Groups;
            Assert.Equal(("Stable", 2, 2, "uniform"), (described[0].GroupState, described[0].GroupEpoch, described[0].AssignmentEpoch, described[0].AssignorName));
            Assert.Equal([0, 1, 2], described[0].Members.SelectMany(m => m.Assignment.TopicPartitions.SelectMany(t => t.Partitions)).Order());
            Assert.Equal(ErrorCode.GroupIdNotFound, described[1].ErrorCode);
            var listed = Assert.Single(client.Call<ListGroupsResponse>(new ListGroupsRequest { TypesFilter = ["consumer"], StatesFilter = ["stable"] }, 5).Groups);
            Assert.Equal((Group, "consumer", "consumer"), (listed.GroupId, listed.GroupType, listed.ProtocolType));
            Assert.Equal(1, Assert.Single(Fetch(client, "a", 2).Topics[0].Partitions).CommittedOffset.Value);
            Assert.Equal(topic, Fetch(client, "a", 2).Topics[0].TopicId);
            Assert.Equal(ErrorCode.StaleMemberEpoch, Fetch(client, "a", 1).ErrorCode);
            Assert.Equal((-1, null), Told(Heartbeat(client, "a", -1, null)));
            Assert.Equal((-1, null), Told(Heartbeat(client, "b", -1, null)));
            Assert.Equal(ErrorCode.None, client.Call<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = [Group] }, 2).Results[0].ErrorCode);
        }

        await server.RestartAsync();
        using (var client = server.Connect())
        {
            Find(client, Group);
            Assert.Empty(client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).Groups);
        }
    }

    [Fact]
    public async Task A_pattern_finds_topics_that_come_later()
    {
        await using var server = await StartAsync();
        using var client = server.Connect();
        Find(client, Group);
        var joined = client.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest { GroupId = Group, MemberId = "a", RebalanceTimeoutMs = 30_000, SubscribedTopicRegex = "^topic.*", TopicPartitions = [] }, 1);
        Assert.Equal((1, 0), Told(joined));
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "topic-1" }, new() { Name = "other" }] }, 12);
        var deadline = DateTime.UtcNow.AddSeconds(20);
        ConsumerGroupHeartbeatResponse next;
        do
        {
            Assert.True(DateTime.UtcNow < deadline, "the topic is not found");
            next = Heartbeat(client, "a", 1, null);
        }
        while (next.Assignment is null);

        Assert.Equal((2, 1), Told(next));
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync("offsets.topic.num.partitions=2", "group.consumer.assignment.interval.ms=0");

    /// <summary>Waits until groups are served.</summary>
    internal static void Find(WireClient client, string group)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (client.Call<FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = [group] }, 4).Coordinators[0].ErrorCode != ErrorCode.None
            || client.Call<ListGroupsResponse>(new ListGroupsRequest(), 5).ErrorCode != ErrorCode.None)
        {
            Assert.True(DateTime.UtcNow < deadline, "no coordinator");
        }
    }

    private static (int Epoch, int? Partitions) Told(ConsumerGroupHeartbeatResponse response)
    {
        Assert.Equal((ErrorCode.None, null), (response.ErrorCode, response.ErrorMessage));
        return (response.MemberEpoch, response.Assignment?.TopicPartitions.Sum(t => t.Partitions.Length));
    }

    private static ConsumerGroupHeartbeatResponse Heartbeat(WireClient client, string member, int epoch, int[]? owned, string? subscribe = null, TopicId topic = default) =>
        client.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest
            {
                GroupId = Group,
                MemberId = member,
                MemberEpoch = epoch,
                RebalanceTimeoutMs = epoch == 0 ? 30_000 : -1,
                SubscribedTopicNames = subscribe is null ? null : [subscribe],
                TopicPartitions = owned is null ? null : owned.Length == 0 ? [] : [new() { TopicId = topic, Partitions = owned }],
            },
            1);

    private static ErrorCode Commit(WireClient client, TopicId topic, string member, int epoch, int partition) => client.Call<OffsetCommitResponse>(
        new OffsetCommitRequest
        {
            GroupId = Group,
            MemberId = member,
            GenerationIdOrMemberEpoch = epoch,
            Topics = [new() { TopicId = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = new(1), CommittedMetadata = "" }] }],
        },
        10).Topics[0].Partitions[0].ErrorCode;

    private static OffsetFetchResponse.OffsetFetchResponseGroup Fetch(WireClient client, string member, int epoch) => client.Call<OffsetFetchResponse>(
        new OffsetFetchRequest { Groups = [new() { GroupId = Group, MemberId = member, MemberEpoch = epoch, Topics = null }] }, 10).Groups[0];
}
