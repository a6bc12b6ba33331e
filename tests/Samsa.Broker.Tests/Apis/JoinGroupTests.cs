using Samsa.Model;

namespace Samsa.Broker.Tests.Apis;

public sealed class JoinGroupTests
{
    [Fact]
    public async Task A_newcomer_is_given_an_id_first_and_then_leads()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = new GroupMember(broker, "g");
        var first = await member.AskToJoinAsync();
        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);
        Assert.NotEmpty(first.MemberId);
        await member.JoinAsync();
        Assert.Equal(1, member.Generation);
    }
}
