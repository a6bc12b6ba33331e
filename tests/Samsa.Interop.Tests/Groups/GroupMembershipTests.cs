using System.Text.Json.Nodes;
using Confluent.Kafka;
using Samsa.Interop.Tests.Clients;
using Samsa.Interop.Tests.Confluent;

namespace Samsa.Interop.Tests.Groups;

/// <summary>Static members, fencing, pausing, and topics found by pattern, in the classic protocol.</summary>
public sealed class GroupMembershipTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const int Partitions = 4;

    [Theory]
    [InlineData(MemberKind.LibrdkafkaRange)]
    [InlineData(MemberKind.LibrdkafkaCooperative)]
    public async Task A_static_member_that_restarts_within_its_session_disturbs_nobody(MemberKind kind)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        LibrdkafkaMember first = Static(scene, kind, "one");
        await first.JoinedAsync();
        LibrdkafkaMember second = Static(scene, kind, "two");
        await second.JoinedAsync();
        var before = await scene.SettledAsync(2);
        await scene.Ledger.CompleteAsync(scene.Send(100));
        int rebalances = second.Rebalances;

        await scene.CrashAsync(first);
        LibrdkafkaMember again = Static(scene, kind, "one");
        await again.JoinedAsync();
        await scene.Ledger.CompleteAsync(scene.Send(100));

        var after = await scene.SettledAsync(2);
        Assert.Equal(rebalances, second.Rebalances);
        Assert.Equal(AssignmentOf("one", before), AssignmentOf("one", after));
        Assert.Equal(0, scene.Ledger.Repeated);

        static IEnumerable<int> AssignmentOf(string instance, global::Confluent.Kafka.Admin.ConsumerGroupDescription group) =>
            group.Members.Single(m => m.GroupInstanceId == instance).Assignment.TopicPartitions.Select(p => p.Partition.Value).Order();
    }

    [Fact]
    public async Task A_static_member_is_fenced_by_another_of_its_name()
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        LibrdkafkaMember first = Static(scene, MemberKind.LibrdkafkaRange, "one");
        await first.JoinedAsync();

        LibrdkafkaMember second = Static(scene, MemberKind.LibrdkafkaRange, "one");
        await second.JoinedAsync();

        Assert.Equal(ErrorCode.FencedInstanceId, (await first.FatalAsync()).Code);
        await scene.Ledger.CompleteAsync(scene.Send(100));
    }

    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.ConfluentPython)]
    [InlineData(ClientKind.KafkaJs)]
    public async Task A_paused_member_reads_nothing_and_stays_in_the_group(ClientKind kind)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        var member = new ProcessMember(kind, "pausing", Bootstrap, scene.Group, scene.Ledger, new JsonObject
        {
            ["topics"] = new JsonArray(scene.Topic),
            ["session"] = GroupScene.SessionTimeoutMs,
        });
        scene.Adopt(member);
        await member.JoinedAsync();
        await scene.Ledger.CompleteAsync(scene.Send(40));
        member.Process.Say("pause");
        await member.Process.NextAsync("paused");

        long[] ends = scene.Send(40);
        // Long enough for a member that is alive to have read them: another client has.
        Assert.Equal(80, KafkaClients.ReadAll(Bootstrap, scene.Topic, Partitions).Sum(p => p.Count));
        await scene.SettledAsync(1);
        long readWhilePaused = scene.Ledger.Distinct;
        member.Process.Say("resume");
        await scene.Ledger.CompleteAsync(ends);

        Assert.Equal(40, readWhilePaused);
        Assert.Equal(0, scene.Ledger.Repeated);
    }

    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.ConfluentPython)]
    [InlineData(ClientKind.KafkaJs)]
    public async Task A_pattern_finds_topics(ClientKind kind)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), Partitions);
        await KafkaClients.CreateTopicAsync(Bootstrap, $"other-{scene.Topic}");
        var member = new ProcessMember(kind, "matching", Bootstrap, scene.Group, scene.Ledger, new JsonObject
        {
            ["pattern"] = scene.Topic[..^2] + ".*",
            ["session"] = GroupScene.SessionTimeoutMs,
        });
        scene.Adopt(member);
        await member.JoinedAsync();

        await scene.Ledger.CompleteAsync(scene.Send(40));
        Assert.Single((await scene.SettledAsync(1)).Members.Single().Assignment.TopicPartitions.Select(p => p.Topic).Distinct());
    }

    [Fact]
    public async Task A_pattern_finds_topics_that_come_later()
    {
        string prefix = TopicName();
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, $"{prefix}-1", Partitions);
        using var member = KafkaClients.Consumer(Bootstrap, c =>
            (c.GroupId, c.TopicMetadataRefreshIntervalMs, c.AutoOffsetReset) = (scene.Group, 500, AutoOffsetReset.Earliest));
        member.Subscribe($"^{prefix}-.*");
        Assert.Equal($"{prefix}-1", member.Consume(KafkaClients.Deadline).Topic);
        await KafkaClients.CreateTopicAsync(Bootstrap, $"{prefix}-2");

        using var producer = KafkaClients.Producer(Bootstrap);
        producer.SendAll($"{prefix}-2", [new() { Value = [1] }]);

        DateTime until = DateTime.UtcNow + KafkaClients.Deadline;
        ConsumeResult<byte[]?, byte[]?>? read;
        do
        {
            read = member.Consume(TimeSpan.FromSeconds(1));
        }
        while (read is not { IsPartitionEOF: false } && DateTime.UtcNow < until);

        Assert.Equal($"{prefix}-2", read?.Topic);
        member.Close();
    }

    private LibrdkafkaMember Static(GroupScene scene, MemberKind kind, string instance)
    {
        ConsumerConfig config = LibrdkafkaMember.Config(kind, Bootstrap, scene.Group);
        config.GroupInstanceId = instance;
        // Long enough for a restart on a busy machine.
        config.SessionTimeoutMs = 20_000;
        var member = new LibrdkafkaMember($"static {instance}", scene.Ledger, config, scene.Topic);
        scene.Adopt(member);
        return member;
    }
}
