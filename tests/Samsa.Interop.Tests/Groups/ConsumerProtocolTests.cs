using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Groups;

/// <summary>The protocol of KIP-848 with librdkafka: static members, patterns, and the way from the classic protocol and back.</summary>
public sealed class ConsumerProtocolTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const int Partitions = 4;

    [Fact]
    public async Task A_group_changes_its_protocol_member_by_member_and_loses_no_record()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        scene.StartLoad();
        await scene.AddAsync(MemberKind.LibrdkafkaCooperative, 3);
        await scene.SettledAsync(3);
        Assert.Equal(ConsumerGroupType.Classic, await TypeAsync(scene.Group));
        await ReplaceAllAsync(scene, MemberKind.LibrdkafkaConsumer);
        Assert.Equal(ConsumerGroupType.Consumer, await TypeAsync(scene.Group));
        await ReplaceAllAsync(scene, MemberKind.LibrdkafkaRange);
        Assert.Equal(ConsumerGroupType.Classic, await TypeAsync(scene.Group));

        await scene.Ledger.CompleteAsync(await scene.StopLoadAsync());
    }

    [Fact]
    public async Task A_static_member_that_restarts_finds_its_partitions_and_disturbs_nobody()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        LibrdkafkaMember first = Static(scene, "one");
        await first.JoinedAsync();
        LibrdkafkaMember second = Static(scene, "two");
        await second.JoinedAsync();
        var before = await scene.SettledAsync(2);
        await scene.Ledger.CompleteAsync(scene.Send(100));
        int rebalances = second.Rebalances;

        await scene.LeaveAsync(first);
        LibrdkafkaMember again = Static(scene, "one");
        await again.JoinedAsync();
        await scene.Ledger.CompleteAsync(scene.Send(100));

        var after = await scene.SettledAsync(2);
        Assert.Equal(rebalances, second.Rebalances);
        Assert.Equal(AssignmentOf("one", before), AssignmentOf("one", after));
        Assert.Equal(0, scene.Ledger.Repeated);

        static IEnumerable<int> AssignmentOf(string instance, ConsumerGroupDescription group) =>
            group.Members.Single(m => m.GroupInstanceId == instance).Assignment.TopicPartitions.Select(p => p.Partition.Value).Order();
    }

    [Fact]
    public async Task A_static_member_keeps_its_name_from_others_while_it_lives()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        LibrdkafkaMember first = Static(scene, "one");
        await first.JoinedAsync();

        LibrdkafkaMember second = Static(scene, "one");

        Assert.Equal(ErrorCode.UnreleasedInstanceId, (await second.FatalAsync()).Code);
        await scene.SettledAsync(1);
        await scene.Ledger.CompleteAsync(scene.Send(100));
    }

    [Fact]
    public async Task A_pattern_finds_the_topics_that_are_there_and_those_that_come_later()
    {
        string prefix = TopicName();
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, $"{prefix}-1", Partitions);
        await KafkaClients.CreateTopicAsync(Bootstrap, $"other-{prefix}");
        var config = LibrdkafkaMember.Config(MemberKind.LibrdkafkaConsumer, Bootstrap, scene.Group);
        LibrdkafkaMember member = new("matching", scene.Ledger, config, $"^{prefix}.*");
        scene.Adopt(member);
        await scene.Ledger.CompleteAsync(scene.Send(40));
        await KafkaClients.CreateTopicAsync(Bootstrap, $"{prefix}-2", 2);

        using IAdminClient admin = KafkaClients.Admin(Bootstrap);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        DateTime until = DateTime.UtcNow + KafkaClients.Deadline;
        string[] topics = [];
        while (topics.Length < 2 && DateTime.UtcNow < until && await timer.WaitForNextTickAsync())
        {
            var group = (await admin.DescribeConsumerGroupsAsync([scene.Group])).ConsumerGroupDescriptions.Single();
            topics = [.. group.Members.SelectMany(m => m.Assignment.TopicPartitions).Select(p => p.Topic).Distinct().Order()];
        }

        Assert.Equal([$"{prefix}-1", $"{prefix}-2"], topics);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("uniform")]
    public async Task A_member_may_choose_the_assignor(string assignor)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        for (int i = 0; i < 3; i++)
        {
            var config = LibrdkafkaMember.Config(MemberKind.LibrdkafkaConsumer, Bootstrap, scene.Group);
            config.GroupRemoteAssignor = assignor;
            scene.Adopt(new LibrdkafkaMember($"{assignor} {i}", scene.Ledger, config, scene.Topic));
        }

        ConsumerGroupDescription group = await scene.SettledAsync(3);
        Assert.Equal(assignor, group.PartitionAssignor);
        await scene.Ledger.CompleteAsync(scene.Send(100));
    }

    private static async Task ReplaceAllAsync(GroupScene scene, MemberKind kind)
    {
        IGroupMember[] former = [.. scene.Members];
        foreach (IGroupMember member in former)
        {
            await scene.LeaveAsync(member);
            await scene.AddAsync(kind, 1);
            await scene.SettledAsync(former.Length);
            await scene.Ledger.ReadsMoreAsync(100);
        }
    }

    private async Task<ConsumerGroupType> TypeAsync(string group)
    {
        using IAdminClient admin = KafkaClients.Admin(Bootstrap);
        return (await admin.ListConsumerGroupsAsync()).Valid.Single(g => g.GroupId == group).Type;
    }

    private LibrdkafkaMember Static(GroupScene scene, string instance)
    {
        ConsumerConfig config = LibrdkafkaMember.Config(MemberKind.LibrdkafkaConsumer, Bootstrap, scene.Group);
        config.GroupInstanceId = instance;
        var member = new LibrdkafkaMember($"static {instance}", scene.Ledger, config, scene.Topic);
        scene.Adopt(member);
        return member;
    }
}
