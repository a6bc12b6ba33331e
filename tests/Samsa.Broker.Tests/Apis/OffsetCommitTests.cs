using Samsa.Model;

namespace Samsa.Broker.Tests.Apis;

public sealed class OffsetCommitTests
{
    [Fact]
    public async Task A_member_commits_in_its_generation_only()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        Assert.Equal(ErrorCode.None, await member.CommitAsync(5));
        Assert.Equal(ErrorCode.IllegalGeneration, await member.CommitAsync(6, member.Generation + 1));
        Assert.Equal(ErrorCode.UnknownMemberId, await new GroupMember(broker, "g").CommitAsync(7));
        Assert.Equal(5, await member.PositionAsync());
    }
}
