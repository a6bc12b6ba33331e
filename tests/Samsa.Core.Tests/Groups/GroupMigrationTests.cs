using Samsa.Core.Groups;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Core.Tests.Groups;

public sealed class GroupMigrationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_group_is_upgraded_and_downgraded_member_by_member(bool cooperative)
    {
        var harness = Harness();
        IGroupClient[] clients = [new ClassicClient(harness, cooperative: cooperative), new ClassicClient(harness, cooperative: cooperative)];
        Settle(harness, clients, "classic");
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i].Leave();
            clients[i] = new ConsumerClient(harness);
            Settle(harness, clients, "consumer");
            harness.Crash();
            Settle(harness, clients, "consumer");
        }

        for (var i = 0; i < clients.Length; i++)
        {
            clients[i].Leave();
            clients[i] = new ClassicClient(harness, cooperative: cooperative);
            Settle(harness, clients, i == 0 ? "consumer" : "classic");
        }

        harness.Crash();
        Settle(harness, clients, "classic");
    }

    [Fact]
    public void Static_members_change_their_protocol_and_keep_their_partitions()
    {
        var harness = Harness();
        IGroupClient[] clients = [new ClassicClient(harness, "one"), new ClassicClient(harness, "two")];
        Settle(harness, clients, "classic");
        var owned = clients[0].Owned.ToHashSet();
        clients[0] = new ConsumerClient(harness, "one");
        Settle(harness, clients, "consumer");
        Assert.Equal(owned, clients[0].Owned.ToHashSet());
        clients[1] = new ConsumerClient(harness, "two");
        Settle(harness, clients, "consumer");
        Assert.Equal(owned, clients[0].Owned.ToHashSet());

        clients[0] = new ClassicClient(harness, "one");
        Settle(harness, clients, "consumer");
        clients[1] = new ClassicClient(harness, "two");
        Settle(harness, clients, "classic");
    }

    [Fact]
    public void The_policy_says_which_way_a_group_may_go()
    {
        var harness = Harness();
        harness.Settings = harness.Settings with { ConsumerMigrationPolicy = "downgrade" };
        var classic = new ClassicClient(harness);
        Settle(harness, [classic], "classic");
        var refused = new ConsumerClient(harness);
        refused.Step();
        Assert.Equal(ErrorCode.GroupIdNotFound, refused.LastError);
        Settle(harness, [classic], "classic");

        harness.Settings = harness.Settings with { ConsumerMigrationPolicy = "upgrade" };
        var consumer = new ConsumerClient(harness);
        Settle(harness, [classic, consumer], "consumer");
        consumer.Leave();
        Settle(harness, [classic], "consumer");
    }

    [Fact]
    public void A_classic_member_commits_with_its_generation_which_is_its_epoch()
    {
        var harness = Harness();
        var (classic, consumer) = (new ClassicClient(harness), new ConsumerClient(harness));
        Settle(harness, [classic, consumer], "consumer");
        Assert.Equal(ErrorCode.None, Commit(classic.Generation));
        Assert.Equal(ErrorCode.IllegalGeneration, Commit(classic.Generation + 1));

        ErrorCode Commit(int generation) => harness.Call<OffsetCommitResponse>(
            new OffsetCommitRequest
            {
                GroupId = "g",
                GenerationIdOrMemberEpoch = generation,
                MemberId = classic.MemberId,
                Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = classic.Assignment![0], CommittedOffset = new(1) }] }],
            },
            8).Topics[0].Partitions[0].ErrorCode;
    }

    [Fact]
    public void A_classic_member_that_does_not_join_again_is_removed()
    {
        var harness = Harness();
        var (classic, consumer) = (new ClassicClient(harness), new ConsumerClient(harness));
        Settle(harness, [classic, consumer], "consumer");
        harness.SetTopic("t", 8);
        consumer.Step();
        for (var i = 0; i < 31; i++)
        {
            // Its heartbeats go on, in spite of what they are answered.
            var answer = harness.Call<HeartbeatResponse>(new HeartbeatRequest { GroupId = "g", GenerationId = classic.Generation, MemberId = classic.MemberId }, 4);
            Assert.Equal(i < 30 ? ErrorCode.RebalanceInProgress : ErrorCode.UnknownMemberId, answer.ErrorCode);
            harness.Advance(1000);
            consumer.Step();
        }

        Settle(harness, [consumer], "consumer");
    }

    [Fact]
    public void A_group_of_something_other_than_consumers_is_left_alone()
    {
        var harness = Harness();
        var join = ClassicClient.JoinRequest("");
        (join.ProtocolType, join.MemberId) = ("connect", harness.Call<JoinGroupResponse>(join, 9).MemberId);
        harness.Call<JoinGroupResponse>(join, 9);
        var consumer = new ConsumerClient(harness);
        consumer.Step();
        Assert.Equal(ErrorCode.GroupIdNotFound, consumer.LastError);
    }

    [Fact]
    public void A_group_without_members_changes_hands_freely()
    {
        var harness = Harness();
        harness.Settings = harness.Settings with { ConsumerMigrationPolicy = "disabled" };
        IGroupClient[] clients = [new ClassicClient(harness)];
        for (var i = 0; i < 4; i++)
        {
            Settle(harness, clients, i % 2 == 0 ? "classic" : "consumer");
            clients[0].Leave();
            harness.Crash();
            clients[0] = i % 2 == 0 ? new ConsumerClient(harness) : new ClassicClient(harness);
        }
    }

    private static GroupHarness Harness() => new(new GroupSettings
    {
        InitialRebalanceDelayMs = 0, ConsumerTimesOf = _ => new ConsumerGroupTimes(45_000, 5_000, 0),
    });

    private static void Settle(GroupHarness harness, IGroupClient[] clients, string kind)
    {
        for (var i = 0; i < 80; i++)
        {
            harness.Advance(500);
            Array.ForEach(clients, c => c.Step());
        }

        Assert.All(clients, c => Assert.True(c.IsSettled));
        Assert.Equal(Enumerable.Range(0, harness.Topics.Topics["t"].Partitions), clients.SelectMany(c => c.Owned).Select(o => o.Partition).Order());
        Assert.Equal((kind, "Stable"), Assert.Single(harness.Shard.Groups) is var group ? (group.Kind, group.StateName) : default);
    }
}
