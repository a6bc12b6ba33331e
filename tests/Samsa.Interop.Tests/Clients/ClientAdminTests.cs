using System.Text.Json.Nodes;
using Samsa.Interop.Tests.Groups;

namespace Samsa.Interop.Tests.Clients;

/// <summary>Groups as the admin clients of other languages see and change them.</summary>
public sealed class ClientAdminTests(SharedBroker broker, ITestOutputHelper output) : InteropTest(broker, output)
{
    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.ConfluentPython)]
    [InlineData(ClientKind.KafkaJs)]
    public async Task A_topic_is_created_grown_configured_and_deleted(ClientKind kind)
    {
        var events = await ClientProcess.RunAsync(kind, "admin", new JsonObject { ["bootstrap"] = Bootstrap, ["topic"] = TopicName() });
        var steps = events.ToDictionary(e => e.Name, StringComparer.Ordinal);

        Assert.Equal([0, 1, 2, 3, 4], steps["described"].Numbers("partitions"));
        Assert.Equal("120000", steps["configs"].Text("retention"));
        Assert.False(steps["deleted"].Flag("found"));
        switch (kind)
        {
            case ClientKind.KafkaPython:
                Assert.Equal("TopicAlreadyExistsError", steps["refused"].Text("error"));
                Assert.Equal(1, steps["cluster"].Number("controller"));
                break;
            case ClientKind.ConfluentPython:
                Assert.Equal((null, "TOPIC_ALREADY_EXISTS"), (steps["created"].Text("error"), steps["refused"].Text("error")));
                break;
            default:
                Assert.Equal((true, false), (steps["created"].Flag("made"), steps["refused"].Flag("made")));
                Assert.Equal((2, 3), (steps["trimmed"].Number("low"), steps["trimmed"].Number("high")));
                Assert.Equal(1, steps["cluster"].Number("controller"));
                break;
        }
    }

    [Theory]
    [InlineData(ClientKind.KafkaPython)]
    [InlineData(ClientKind.KafkaJs)]
    public async Task A_group_is_listed_described_and_deleted(ClientKind kind)
    {
        await using GroupScene scene = await GroupScene.CreateAsync(Bootstrap, TopicName(), 2);
        long[] ends = scene.Send(20);
        IGroupMember member = (await scene.AddAsync(MemberKind.LibrdkafkaRange, 1))[0];
        await scene.Ledger.CompleteAsync(ends);
        await scene.LeaveAsync(member);

        var events = await ClientProcess.RunAsync(kind, "groups", new JsonObject { ["bootstrap"] = Bootstrap, ["group"] = scene.Group, ["topic"] = scene.Topic });
        var steps = events.ToDictionary(e => e.Name, StringComparer.Ordinal);

        Assert.True(steps["listed"].Flag("found"));
        Assert.Equal(("Empty", 0), (steps["described"].Text("state"), steps["described"].Number("members")));
        Assert.Equal([(scene.Topic, 0, 10), (scene.Topic, 1, 10)], steps["offsets"].Offsets().Order());
        Assert.False(steps["deleted"].Flag("found"));
        if (kind == ClientKind.KafkaJs)
        {
            Assert.Equal([(scene.Topic, 0, 1), (scene.Topic, 1, 10)], steps["moved"].Offsets().Order());
        }
    }
}
