using Samsa.Model;

namespace Samsa.Broker.Tests.Apis;

public sealed class SyncGroupTests
{
    [Fact]
    public async Task The_leaders_assignment_reaches_the_member()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        var again = await member.SyncAsync([9]);
        Assert.Equal(ErrorCode.None, again.ErrorCode);
        Assert.Equal([1, 2, 3], again.Assignment.ToArray());
    }
}
