using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

public sealed class ConsumerGroupTests
{
    [Fact]
    public void A_member_gets_everything_and_gives_up_half_before_the_next_one_gets_it()
    {
        var harness = new GroupHarness(Settings());
        var (first, second) = (new ConsumerClient(harness), new ConsumerClient(harness));
        first.Step();
        first.Step();
        Assert.Equal((1, 4), (first.Epoch, first.Owned.Count()));

        second.Step();
        Assert.Equal((2, 0), (second.Epoch, second.Owned.Count()));
        first.Send();
        Assert.Equal(1, first.Epoch);
        second.Step();
        Assert.Empty(second.Owned);

        // Only what the first has really given up is free.
        first.Step();
        Assert.Equal((2, 2), (first.Epoch, first.Owned.Count()));
        second.Step();
        second.Step();
        Assert.Equal(2, second.Owned.Count());
        Assert.Empty(first.Owned.Intersect(second.Owned));
        Assert.Equal("Stable", Assert.Single(harness.Shard.Groups).StateName);
    }

    [Fact]
    public void Members_that_come_at_once_wait_for_one_assignment()
    {
        var harness = new GroupHarness(Settings(intervalMs: 1000));
        var clients = Enumerable.Range(0, 4).Select(_ => new ConsumerClient(harness)).ToArray();
        clients[0].Step();
        harness.Advance(400);
        foreach (var client in clients[1..])
        {
            client.Step();
            Assert.Equal((1, 600), (client.Epoch, client.HeartbeatIntervalMs));
        }

        Assert.Equal("Assigning", Describe(harness).GroupState);
        harness.Advance(600);
        clients[3].Step();
        Assert.Equal((4, 4), (Describe(harness).GroupEpoch, Describe(harness).AssignmentEpoch));
        Assert.Equal(5000, clients[3].HeartbeatIntervalMs);
    }

    [Fact]
    public void A_member_with_another_epoch_is_fenced_and_begins_anew()
    {
        var harness = new GroupHarness(Settings());
        var client = new ConsumerClient(harness);
        client.Step();
        Assert.Equal(ErrorCode.FencedMemberEpoch, Heartbeat(harness, client.MemberId, 7).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, Heartbeat(harness, "ghost", 7).ErrorCode);
        var again = Heartbeat(harness, client.MemberId, 0, topics: ["t"]);
        Assert.Equal((ErrorCode.None, 1, 4), (again.ErrorCode, again.MemberEpoch, again.Assignment!.TopicPartitions[0].Partitions.Length));
        Assert.Equal(ErrorCode.UnknownMemberId, Heartbeat(harness, "ghost", 7, group: "none").ErrorCode);
        Assert.Equal(ErrorCode.GroupIdNotFound, Heartbeat(harness, "ghost", -1, group: "none").ErrorCode);
    }

    [Fact]
    public void A_member_that_took_what_was_taken_for_given_up_is_fenced()
    {
        var harness = new GroupHarness(Settings());
        var (first, second) = (new ConsumerClient(harness), new ConsumerClient(harness));
        first.Step();
        second.Step();

        // It says that it owns nothing, for it has not taken the first assignment yet, and hears of no other.
        first.LoseConnection();
        first.Send();
        first.LoseConnection();
        first.Send();
        Assert.True(first.IsInDoubt);
        second.Step();
        second.Step();
        Assert.Equal(2, second.Owned.Count());

        first.Step();
        Assert.Equal((ErrorCode.FencedMemberEpoch, 0), (first.LastError, first.Owned.Count()));
        first.Step();
        first.Step();
        Assert.Equal(2, first.Owned.Count());
        Assert.Empty(first.Owned.Intersect(second.Owned));
    }

    [Fact]
    public void A_member_whose_answer_was_lost_goes_on_from_the_epoch_before()
    {
        var harness = new GroupHarness(Settings());
        var (first, second) = (new ConsumerClient(harness), new ConsumerClient(harness));
        first.Step();
        second.Step();
        first.Step();
        first.LoseConnection();
        first.Step();
        Assert.Equal(1, first.Epoch);
        first.Step();
        Assert.Equal((ErrorCode.None, 2), (first.LastError, first.Epoch));
    }

    [Fact]
    public void A_silent_member_is_removed_after_its_session_and_one_that_does_not_let_go_after_its_rebalance_timeout()
    {
        var harness = new GroupHarness(Settings());
        var (silent, stubborn, good) = (new ConsumerClient(harness), new ConsumerClient(harness), new ConsumerClient(harness));
        silent.Step();
        Run(harness, 60, stubborn);
        silent.Step();
        Assert.Equal((ErrorCode.UnknownMemberId, 4), (silent.LastError, stubborn.Owned.Count()));

        for (var i = 0; i < 31; i++)
        {
            Assert.Equal(ErrorCode.None, stubborn.LastError);
            good.Step();
            harness.Advance(1000);
            stubborn.Send();
        }

        Assert.Equal(ErrorCode.UnknownMemberId, stubborn.LastError);
        Run(harness, 3, good);
        Assert.Equal(4, good.Owned.Count());
    }

    [Fact]
    public void A_static_member_that_comes_back_in_time_finds_its_partitions_and_disturbs_nobody()
    {
        var harness = new GroupHarness(Settings());
        var (stays, returns) = (new ConsumerClient(harness), new ConsumerClient(harness, "i1"));
        Settle(harness, stays, returns);
        var (epoch, owned) = (stays.Epoch, returns.Owned.ToHashSet());

        var rival = new ConsumerClient(harness, "i1");
        rival.Step();
        Assert.Equal(ErrorCode.UnreleasedInstanceId, rival.LastError);

        returns.GoAway();
        Assert.Equal(ErrorCode.None, returns.LastError);
        Run(harness, 20, stays);
        Assert.Equal(2, stays.Owned.Count());
        returns.Step();
        returns.Step();
        Assert.Equal((epoch, epoch), (stays.Epoch, returns.Epoch));
        Assert.Equal(owned, returns.Owned.ToHashSet());

        returns.GoAway();
        Run(harness, 50, stays);
        Assert.Equal(4, stays.Owned.Count());
    }

    [Fact]
    public void New_topics_and_partitions_are_assigned_and_deleted_topics_are_given_up()
    {
        var harness = new GroupHarness(Settings());
        var (named, matching) = (new ConsumerClient(harness) { Topics = ["t", "later"] }, new ConsumerClient(harness) { Topics = null, Regex = "^(t|la.*)$" });
        Settle(harness, named, matching);
        Assert.Equal(4, named.Owned.Count() + matching.Owned.Count());

        harness.SetTopic("later", 2);
        harness.SetTopic("lalala", 2);
        harness.SetTopic("t", 6);
        Settle(harness, named, matching);
        Assert.Equal(10, named.Owned.Count() + matching.Owned.Count());
        Assert.Equal([0, 1], matching.PartitionsOf("lalala"));

        harness.DeleteTopic("later");
        Settle(harness, named, matching);
        Assert.Equal(8, named.Owned.Count() + matching.Owned.Count());
    }

    [Fact]
    public void A_changed_subscription_is_followed_at_once()
    {
        var harness = new GroupHarness(Settings(intervalMs: 1000));
        var client = new ConsumerClient(harness);
        client.Step();
        client.Step();
        client.Subscribe("u");
        client.Send();
        client.Step();
        client.Step();
        Assert.Empty(client.PartitionsOf("t"));
        Assert.Equal([0, 1], client.PartitionsOf("u"));
    }

    [Theory]
    [InlineData("", "m", 0, ErrorCode.InvalidRequest)]
    [InlineData("g", "", 0, ErrorCode.InvalidRequest)]
    [InlineData("g", "m", -3, ErrorCode.InvalidRequest)]
    [InlineData("g", "m", -2, ErrorCode.InvalidRequest)]
    public void Requests_that_make_no_sense_are_refused(string group, string member, int epoch, ErrorCode expected) =>
        Assert.Equal(expected, Heartbeat(new GroupHarness(Settings()), member, epoch, ["t"], group).ErrorCode);

    [Fact]
    public void Unknown_assignors_regular_expressions_and_too_many_members_are_refused()
    {
        var harness = new GroupHarness(Settings() with { ConsumerMaxSize = 1 });
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "m", RebalanceTimeoutMs = 1000, SubscribedTopicNames = ["t"], TopicPartitions = [] };
        request.ServerAssignor = "other";
        Assert.Equal(ErrorCode.UnsupportedAssignor, harness.Call<ConsumerGroupHeartbeatResponse>(request, 1).ErrorCode);
        (request.ServerAssignor, request.SubscribedTopicRegex) = (null, "(");
        Assert.Equal(ErrorCode.InvalidRegularExpression, harness.Call<ConsumerGroupHeartbeatResponse>(request, 1).ErrorCode);
        Assert.Empty(harness.Shard.Groups);
        request.SubscribedTopicRegex = "t.*";
        Assert.Equal(ErrorCode.None, harness.Call<ConsumerGroupHeartbeatResponse>(request, 1).ErrorCode);
        request.MemberId = "n";
        Assert.Equal(ErrorCode.GroupMaxSizeReached, harness.Call<ConsumerGroupHeartbeatResponse>(request, 1).ErrorCode);
        harness.Settings = harness.Settings with { ConsumerProtocolEnabled = false };
        Assert.Equal(ErrorCode.UnsupportedVersion, harness.Call<ConsumerGroupHeartbeatResponse>(request, 1).ErrorCode);
    }

    [Fact]
    public void The_assignor_that_most_members_ask_for_decides()
    {
        var harness = new GroupHarness(Settings());
        var clients = new[] { new ConsumerClient(harness) { Topics = ["t", "u"] }, new ConsumerClient(harness) { Topics = ["t", "u"], Assignor = "range" } };
        Settle(harness, clients);
        Assert.Equal("range", Describe(harness).AssignorName);
        Assert.Equal([0, 1], clients[0].PartitionsOf("t"));
        Assert.Equal([0], clients[0].PartitionsOf("u"));
    }

    [Fact]
    public void A_partition_is_committed_with_any_epoch_since_it_was_assigned_and_with_none_before()
    {
        var harness = new GroupHarness(Settings());
        var (first, second) = (new ConsumerClient(harness), new ConsumerClient(harness));
        first.Step();
        Settle(harness, first, second);
        var (kept, got) = (first.PartitionsOf("t")[0], second.PartitionsOf("t")[0]);
        Assert.Equal((2, 2), (first.Epoch, second.Epoch));
        Assert.Equal(ErrorCode.None, Commit(harness, first.MemberId, 2, kept));
        Assert.Equal(ErrorCode.None, Commit(harness, first.MemberId, 1, kept));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit(harness, first.MemberId, 1, got));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit(harness, second.MemberId, 1, got));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Commit(harness, second.MemberId, 3, got));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit(harness, "ghost", 2, got));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit(harness, "", -1, got));
        Assert.Equal(ErrorCode.UnsupportedVersion, Commit(harness, first.MemberId, 2, kept, version: 8));
        Assert.Equal(ErrorCode.StaleMemberEpoch, Fetch(harness, first.MemberId, 1));
        Assert.Equal(ErrorCode.UnknownMemberId, Fetch(harness, "ghost", 1));
        Assert.Equal(ErrorCode.None, Fetch(harness, first.MemberId, 2));
        Assert.Equal(ErrorCode.None, Fetch(harness, null, -1));
    }

    [Fact]
    public void Groups_without_members_keep_their_offsets_and_are_deleted_on_request()
    {
        var harness = new GroupHarness(Settings());
        var client = new ConsumerClient(harness);
        client.Step();
        Assert.Equal(ErrorCode.None, Commit(harness, client.MemberId, client.Epoch, 0));
        Assert.Equal(ErrorCode.NonEmptyGroup, Delete(harness));
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, harness.Call<OffsetDeleteResponse>(
            new OffsetDeleteRequest { GroupId = "g", Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0 }] }] }, 0).Topics[0].Partitions[0].ErrorCode);
        client.Leave();
        Assert.Equal(("Empty", 1), (Describe(harness).GroupState, harness.Shard.OffsetCount));
        var described = harness.Call<DescribeGroupsResponse>(new DescribeGroupsRequest { Groups = ["g"] }, 6).Groups[0];
        Assert.Equal((ErrorCode.GroupIdNotFound, "Dead"), (described.ErrorCode, described.GroupState));
        Assert.Single(List(harness, "consumer"));
        Assert.Empty(List(harness, "classic"));
        Assert.Equal(ErrorCode.None, Delete(harness));
        harness.Crash();
        Assert.Empty(harness.Shard.Groups);
        Assert.Equal(0, harness.Shard.OffsetCount);
        Assert.Equal(ErrorCode.GroupIdNotFound, Describe(harness).ErrorCode);
    }

    [Fact]
    public void Groups_without_members_go_when_their_offsets_expire()
    {
        var harness = new GroupHarness(Settings() with { OffsetsRetentionMs = 3_600_000 });
        harness.Crash();
        var client = new ConsumerClient(harness);
        client.Step();
        Assert.Equal(ErrorCode.None, Commit(harness, client.MemberId, client.Epoch, 0));
        client.Leave();
        harness.Advance(3_000_000);
        Assert.Single(harness.Shard.Groups);
        harness.Advance(1_300_000);
        Assert.Empty(harness.Shard.Groups);
        harness.Crash();
        Assert.Empty(harness.Shard.Groups);
    }

    [Fact]
    public void A_reloaded_group_goes_on_where_it_was()
    {
        var harness = new GroupHarness(Settings());
        var clients = new[] { new ConsumerClient(harness), new ConsumerClient(harness, "i1") { Topics = null, Regex = "t|u" } };
        Settle(harness, clients);
        var before = clients.Select(c => (c.Epoch, c.Owned.ToHashSet())).ToArray();
        harness.Crash();
        Settle(harness, clients);
        Assert.All(clients.Zip(before), p => Assert.Equal((ErrorCode.None, p.Second.Epoch), (p.First.LastError, p.First.Epoch)));
        Assert.All(clients.Zip(before), p => Assert.Equal(p.Second.Item2, p.First.Owned.ToHashSet()));
        clients[1].Leave();
        Settle(harness, clients[0]);
        Assert.Equal(4, clients[0].Owned.Count());
    }

    private static GroupSettings Settings(int intervalMs = 0) => new()
    {
        InitialRebalanceDelayMs = 0, ConsumerTimesOf = _ => new ConsumerGroupTimes(45_000, 5_000, intervalMs),
    };

    private static void Settle(GroupHarness harness, params ConsumerClient[] clients)
    {
        Run(harness, 20, clients);
        Assert.All(clients, c => Assert.True(c.IsSettled));
    }

    private static void Run(GroupHarness harness, int seconds, params ConsumerClient[] clients)
    {
        for (var i = 0; i < seconds; i++)
        {
            harness.Advance(1000);
            Array.ForEach(clients, c => c.Step());
        }
    }

    private static ConsumerGroupHeartbeatResponse Heartbeat(GroupHarness harness, string member, int epoch, string[]? topics = null, string group = "g") =>
        harness.Call<ConsumerGroupHeartbeatResponse>(
            new ConsumerGroupHeartbeatRequest
            {
                GroupId = group, MemberId = member, MemberEpoch = epoch, SubscribedTopicNames = topics, RebalanceTimeoutMs = 30_000, TopicPartitions = [],
            },
            1);

    private static ConsumerGroupDescribeResponse.DescribedGroup Describe(GroupHarness harness) =>
        harness.Call<ConsumerGroupDescribeResponse>(new ConsumerGroupDescribeRequest { GroupIds = ["g"] }, 1).Groups[0];

    private static ListGroupsResponse.ListedGroup[] List(GroupHarness harness, string type) =>
        harness.Call<ListGroupsResponse>(new ListGroupsRequest { TypesFilter = [type] }, 5).Groups;

    private static ErrorCode Delete(GroupHarness harness) =>
        harness.Call<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = ["g"] }, 2).Results[0].ErrorCode;

    private static ErrorCode Commit(GroupHarness harness, string member, int epoch, int partition, short version = 9) =>
        harness.Call<OffsetCommitResponse>(
            new OffsetCommitRequest
            {
                GroupId = "g",
                GenerationIdOrMemberEpoch = epoch,
                MemberId = member,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = partition, CommittedOffset = new(1) }] }],
            },
            version).Topics[0].Partitions[0].ErrorCode;

    private static ErrorCode Fetch(GroupHarness harness, string? member, int epoch) =>
        harness.Call<OffsetFetchResponse>(
            new OffsetFetchRequest { Groups = [new() { GroupId = "g", MemberId = member, MemberEpoch = epoch, Topics = null }] }, 9).Groups[0].ErrorCode;
}
