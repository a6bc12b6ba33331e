using Samsa.Model;

namespace Samsa.Broker.Tests.Apis;

public sealed class LeaveGroupTests
{
    [Fact]
    public async Task Who_left_is_unknown()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        Assert.Equal(ErrorCode.None, await member.LeaveAsync());
        Assert.Equal(ErrorCode.UnknownMemberId, await member.HeartbeatAsync(member.Generation));
        Assert.Equal(ErrorCode.UnknownMemberId, await member.LeaveAsync());
    }
}
