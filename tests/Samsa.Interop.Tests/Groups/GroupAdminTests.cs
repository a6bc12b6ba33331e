using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Groups;

/// <summary>Groups and their offsets as librdkafka's admin client sees and changes them.</summary>
public sealed class GroupAdminTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    [Fact]
    public async Task Groups_are_listed_by_state_and_type()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), 2);
        await scene.AddAsync(MemberKind.LibrdkafkaRange, 1);
        await scene.SettledAsync(1);
        using var admin = KafkaClients.Admin(Bootstrap);

        Assert.True(await IsListedAsync(new()));
        Assert.True(await IsListedAsync(new() { MatchStates = [ConsumerGroupState.Stable] }));
        Assert.False(await IsListedAsync(new() { MatchStates = [ConsumerGroupState.Empty] }));
        Assert.True(await IsListedAsync(new() { MatchTypes = [ConsumerGroupType.Classic] }));
        Assert.False(await IsListedAsync(new() { MatchTypes = [ConsumerGroupType.Consumer] }));

        async Task<bool> IsListedAsync(ListConsumerGroupsOptions options) =>
            (await admin.ListConsumerGroupsAsync(options)).Valid.Any(g => g.GroupId == scene.Group);
    }

    [Fact]
    public async Task A_group_is_described_with_its_members()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), 2);
        await scene.AddAsync(MemberKind.LibrdkafkaRange, 2);

        ConsumerGroupDescription group = await scene.SettledAsync(2);

        Assert.Equal("range", group.PartitionAssignor);
        Assert.Equal(Bootstrap, $"{group.Coordinator.Host}:{group.Coordinator.Port}");
        Assert.All(group.Members, m => Assert.StartsWith("LibrdkafkaRange-", m.ClientId, StringComparison.Ordinal));
        Assert.All(group.Members, m => Assert.Single(m.Assignment.TopicPartitions));
    }

    [Fact]
    public async Task Offsets_are_altered_and_deleted_while_nobody_reads()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), 2);
        long[] ends = scene.Send(20);
        IGroupMember member = (await scene.AddAsync(MemberKind.LibrdkafkaRange, 1))[0];
        await scene.Ledger.CompleteAsync(ends);
        await scene.LeaveAsync(member);
        using var admin = KafkaClients.Admin(Bootstrap);

        await admin.AlterConsumerGroupOffsetsAsync([new(scene.Group, [new(scene.Topic, 0, 3)])]);
        Assert.Equal((long[])[3, 10], await scene.CommittedAsync());
        await admin.DeleteConsumerGroupOffsetsAsync(scene.Group, [new(scene.Topic, 1)]);
        Assert.Equal((long[])[3, -1], await scene.CommittedAsync());
    }

    [Fact]
    public async Task A_group_in_use_is_neither_deleted_nor_moved()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), 2);
        IGroupMember member = (await scene.AddAsync(MemberKind.LibrdkafkaRange, 1))[0];
        await scene.SettledAsync(1);
        using var admin = KafkaClients.Admin(Bootstrap);

        var undeleted = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([scene.Group]));
        var unmoved = await Assert.ThrowsAsync<AlterConsumerGroupOffsetsException>(() => admin.AlterConsumerGroupOffsetsAsync([new(scene.Group, [new(scene.Topic, 0, 3)])]));
        await scene.LeaveAsync(member);
        await admin.DeleteGroupsAsync([scene.Group]);
        var unknown = await Assert.ThrowsAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([scene.Group]));

        Assert.Equal(ErrorCode.NonEmptyGroup, undeleted.Results.Single().Error.Code);
        Assert.Equal(ErrorCode.UnknownMemberId, unmoved.Results.Single().Partitions.Single().Error.Code);
        Assert.Equal(ErrorCode.GroupIdNotFound, unknown.Results.Single().Error.Code);
    }
}
