namespace Samsa.Interop.Tests.Groups;

/// <summary>Members join, leave, crash and come back while records flow: none is unread, the order stays, only the uncommitted comes twice.</summary>
public abstract class GroupChurnTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    private const int Partitions = 6;

    private protected async Task ChurnAsync(string topic, MemberKind kind, MemberKind? others = null)
    {
        MemberKind second = others ?? kind;
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, topic, Partitions);
        scene.StartLoad();
        await scene.AddAsync(kind, 1);
        await scene.Ledger.ReadsMoreAsync(100);
        await scene.AddAsync(second, 2);
        await scene.Ledger.ReadsMoreAsync(200);
        await scene.CrashAsync(scene.Members[0]);
        await scene.AddAsync(kind, 1);
        await scene.Ledger.ReadsMoreAsync(200);
        await scene.LeaveAsync(scene.Members[0]);
        await Task.WhenAll(scene.AddAsync(kind, 2), scene.AddAsync(second, 2));
        await scene.SettledAsync(6);
        await scene.Ledger.ReadsMoreAsync(200);
        IGroupMember[] six = [.. scene.Members];
        await Task.WhenAll(scene.CrashAsync(six[1]), scene.CrashAsync(six[2]), scene.LeaveAsync(six[4]));
        await scene.SettledAsync(3);
        long[] ends = await scene.StopLoadAsync();

        await scene.Ledger.CompleteAsync(ends);

        foreach (IGroupMember member in scene.Members.ToArray())
        {
            await scene.LeaveAsync(member);
        }

        Assert.Equal(ends, await scene.CommittedAsync());
    }

    /// <summary>Without crashes nothing is read twice.</summary>
    private protected async Task HandOverAsync(string topic, MemberKind first, MemberKind second)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, topic, Partitions);
        long[] ends = scene.Send(600);
        IGroupMember member = (await scene.AddAsync(first, 1))[0];
        await scene.Ledger.CompleteAsync(ends);
        await scene.LeaveAsync(member);
        Assert.Equal(ends, await scene.CommittedAsync());

        ends = scene.Send(600);
        await scene.AddAsync(second, 1);
        await scene.Ledger.CompleteAsync(ends);

        Assert.Equal(0, scene.Ledger.Repeated);
    }
}

/// <summary>Groups of librdkafka 2.16, in both protocols.</summary>
public sealed class LibrdkafkaChurnTests(SharedBroker broker, ITestOutputHelper output) : GroupChurnTests(broker, output)
{
    [Theory]
    [InlineData(MemberKind.LibrdkafkaRange)]
    [InlineData(MemberKind.LibrdkafkaCooperative)]
    [InlineData(MemberKind.LibrdkafkaConsumer)]
    public Task No_record_is_lost_when_members_come_and_go(MemberKind kind) => ChurnAsync(TopicName(), kind);
}

/// <summary>Groups of kafkajs and of kafka-python.</summary>
public sealed class PureClientChurnTests(SharedBroker broker, ITestOutputHelper output) : GroupChurnTests(broker, output)
{
    [Theory]
    [InlineData(MemberKind.KafkaJs)]
    [InlineData(MemberKind.KafkaPythonRange)]
    public Task No_record_is_lost_when_members_come_and_go(MemberKind kind) => ChurnAsync(TopicName(), kind);
}

/// <summary>Groups of confluent-kafka-python, and one that several clients share.</summary>
public sealed class MixedChurnTests(SharedBroker broker, ITestOutputHelper output) : GroupChurnTests(broker, output)
{
    [Fact]
    public Task No_record_is_lost_when_cooperative_members_come_and_go() => ChurnAsync(TopicName(), MemberKind.ConfluentPythonCooperative);

    [Theory]
    [InlineData(MemberKind.LibrdkafkaConsumer, MemberKind.LibrdkafkaRange)]
    [InlineData(MemberKind.LibrdkafkaCooperative, MemberKind.LibrdkafkaConsumer)]
    public Task No_record_is_lost_in_a_group_of_both_protocols(MemberKind kind, MemberKind others) => ChurnAsync(TopicName(), kind, others);

    [Fact]
    public Task No_record_is_lost_in_a_group_of_several_clients() => ChurnAsync(TopicName(), MemberKind.ConfluentPythonRange, MemberKind.KafkaPythonRange);
}

/// <summary>What one client committed is where another goes on.</summary>
public sealed class HandOverTests(SharedBroker broker, ITestOutputHelper output) : GroupChurnTests(broker, output)
{
    [Theory]
    [InlineData(MemberKind.KafkaPythonSticky, MemberKind.KafkaJs)]
    [InlineData(MemberKind.KafkaJs, MemberKind.ConfluentPythonRange)]
    [InlineData(MemberKind.ConfluentPythonCooperative, MemberKind.LibrdkafkaRange)]
    [InlineData(MemberKind.LibrdkafkaCooperative, MemberKind.KafkaPythonRange)]
    [InlineData(MemberKind.LibrdkafkaConsumer, MemberKind.KafkaPythonRange)]
    [InlineData(MemberKind.KafkaPythonRange, MemberKind.LibrdkafkaConsumer)]
    public Task A_client_goes_on_where_another_stopped(MemberKind first, MemberKind second) => HandOverAsync(TopicName(), first, second);
}
