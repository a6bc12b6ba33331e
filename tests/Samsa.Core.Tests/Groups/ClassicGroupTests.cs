using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

public sealed class ClassicGroupTests
{
    [Fact]
    public void A_new_member_is_given_an_id_first_and_joins_with_it()
    {
        var harness = new GroupHarness();
        var first = harness.Call<JoinGroupResponse>(ClassicClient.JoinRequest(""), 9);
        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);

        var joined = harness.Call<JoinGroupResponse>(ClassicClient.JoinRequest(first.MemberId), 9);
        Assert.Equal((ErrorCode.None, 1, first.MemberId), (joined.ErrorCode, joined.GenerationId, joined.Leader));
        Assert.Equal(first.MemberId, Assert.Single(joined.Members).MemberId);
    }

    [Fact]
    public void The_first_rebalance_waits_for_more_members_and_then_everybody_gets_the_same_generation()
    {
        var harness = new GroupHarness(new GroupSettings { InitialRebalanceDelayMs = 3000 });
        var clients = new[] { new ClassicClient(harness), new ClassicClient(harness), new ClassicClient(harness) };
        Run(harness, clients, 2);
        Assert.All(clients, c => Assert.Null(c.Assignment));
        Run(harness, clients, 12);
        Assert.All(clients, c => Assert.Equal(1, c.Generation));
        Assert.Equal([0, 1, 2, 3], clients.SelectMany(c => c.Assignment!).Order());
    }

    [Fact]
    public void A_member_that_falls_silent_is_removed_and_its_partitions_go_to_the_others()
    {
        var harness = new GroupHarness();
        var clients = new[] { new ClassicClient(harness), new ClassicClient(harness) };
        Run(harness, clients, 40);
        Assert.All(clients, c => Assert.Equal(2, c.Assignment!.Length));
        Run(harness, [clients[0]], 60);
        Assert.Equal(4, clients[0].Assignment!.Length);
        clients[1].Step();
        Assert.Equal(ErrorCode.UnknownMemberId, clients[1].LastError);
    }

    [Fact]
    public void A_static_member_that_comes_back_keeps_its_assignment_without_a_rebalance_and_its_former_self_is_fenced()
    {
        var harness = new GroupHarness();
        var (stays, returns) = (new ClassicClient(harness), new ClassicClient(harness, "i1"));
        Run(harness, [stays, returns], 40);
        var (generation, assignment, former) = (stays.Generation, returns.Assignment, returns.MemberId);
        returns.Restart();
        Run(harness, [stays, returns], 3);
        Assert.Equal(generation, stays.Generation);
        Assert.Equal(assignment, returns.Assignment);
        var fenced = harness.Call<HeartbeatResponse>(
            new HeartbeatRequest { GroupId = "g", GenerationId = generation, MemberId = former, GroupInstanceId = "i1" }, 4);
        Assert.Equal(ErrorCode.FencedInstanceId, fenced.ErrorCode);
    }

    [Fact]
    public void A_group_and_its_offsets_survive_a_crash_of_the_coordinator()
    {
        var harness = new GroupHarness();
        var clients = new[] { new ClassicClient(harness), new ClassicClient(harness) };
        Run(harness, clients, 40);
        Assert.Equal(ErrorCode.None, Commit(harness, clients[0], 42));
        harness.Crash();
        Run(harness, clients, 3);
        Assert.All(clients, c => Assert.Equal(ErrorCode.None, c.LastError));
        Assert.Equal(42, Position(harness, "t", 1));
    }

    [Fact]
    public void Only_a_member_of_this_generation_commits()
    {
        var harness = new GroupHarness();
        var client = new ClassicClient(harness);
        Run(harness, [client], 5);
        Assert.Equal(ErrorCode.None, Commit(harness, client, 1));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(harness, client, 2, generation: 9));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit(harness, client, 2, member: "ghost"));
        Assert.Equal(ErrorCode.UnknownMemberId, Commit(harness, client, 2, generation: -1, member: ""));
        Assert.Equal(1, Position(harness, "t", 1));
    }

    [Fact]
    public void Offsets_of_an_empty_group_expire_and_the_group_with_them()
    {
        var harness = new GroupHarness(new GroupSettings { InitialRebalanceDelayMs = 0, OffsetsRetentionMs = 3_600_000 });
        harness.Crash();
        var client = new ClassicClient(harness);
        Run(harness, [client], 5);
        Assert.Equal(ErrorCode.None, Commit(harness, client, 7));
        for (var i = 0; i < 1500; i++)
        {
            Run(harness, [client], 1, ms: 5000);
        }

        Assert.Equal(7, Position(harness, "t", 1));
        client.Leave();
        harness.Advance(3_000_000);
        Assert.Equal(7, Position(harness, "t", 1));
        harness.Advance(1_300_000);
        Assert.Equal(-1, Position(harness, "t", 1));
        Assert.Empty(harness.Shard.Groups);
        harness.Crash();
        Assert.Empty(harness.Shard.Groups);
    }

    [Fact]
    public void Offsets_of_a_deleted_topic_go_with_it()
    {
        var harness = new GroupHarness();
        var client = new ClassicClient(harness);
        Run(harness, [client], 5);
        Assert.Equal(ErrorCode.None, Commit(harness, client, 7));
        harness.DeleteTopic("t");
        Assert.Equal(-1, Position(harness, "t", 1));
        harness.Crash();
        Assert.Equal(-1, Position(harness, "t", 1));
    }

    [Fact]
    public void A_group_is_deleted_only_when_it_is_empty()
    {
        var harness = new GroupHarness();
        var client = new ClassicClient(harness);
        Run(harness, [client], 5);
        Assert.Equal(ErrorCode.None, Commit(harness, client, 7));
        Assert.Equal(ErrorCode.NonEmptyGroup, Delete(harness));
        client.Leave();
        Assert.Equal(ErrorCode.None, Delete(harness));
        Assert.Equal(ErrorCode.GroupIdNotFound, Delete(harness));
        harness.Crash();
        Assert.Empty(harness.Shard.Groups);
    }

    private static ErrorCode Delete(GroupHarness harness) =>
        harness.Call<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = ["g"] }, 2).Results[0].ErrorCode;

    private static void Run(GroupHarness harness, ClassicClient[] clients, int steps, int ms = 500)
    {
        for (var i = 0; i < steps; i++)
        {
            harness.Advance(ms);
            Array.ForEach(clients, c => c.Step());
        }
    }

    private static ErrorCode Commit(GroupHarness harness, ClassicClient client, long offset, int? generation = null, string? member = null) =>
        harness.Call<OffsetCommitResponse>(
            new OffsetCommitRequest
            {
                GroupId = "g",
                GenerationIdOrMemberEpoch = generation ?? client.Generation,
                MemberId = member ?? client.MemberId,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 1, CommittedOffset = new(offset), CommittedMetadata = "m" }] }],
            },
            8).Topics[0].Partitions[0].ErrorCode;

    private static long Position(GroupHarness harness, string topic, int partition) =>
        harness.Call<OffsetFetchResponse>(
            new OffsetFetchRequest { Groups = [new() { GroupId = "g", Topics = [new() { Name = topic, PartitionIndexes = [partition] }] }] }, 9)
            .Groups[0].Topics[0].Partitions[0].CommittedOffset.Value;
}
