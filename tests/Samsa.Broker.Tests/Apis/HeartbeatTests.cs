using Samsa.Model;

namespace Samsa.Broker.Tests.Apis;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task A_heartbeat_counts_for_its_generation_only()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        Assert.Equal(ErrorCode.None, await member.HeartbeatAsync(member.Generation));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.HeartbeatAsync(member.Generation + 1));
        Assert.Equal(ErrorCode.UnknownMemberId, await new GroupMember(broker, "g").HeartbeatAsync(member.Generation));
    }
}
