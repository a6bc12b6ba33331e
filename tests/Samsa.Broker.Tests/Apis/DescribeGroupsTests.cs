using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeGroupsTests
{
    [Fact]
    public async Task A_group_is_described_with_its_members()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        var groups = (await broker.CallAsync<DescribeGroupsResponse>(new DescribeGroupsRequest { Groups = ["g", "none"] })).Groups;
        var found = groups.Single(g => g.GroupId == "g");
        Assert.Equal((ErrorCode.None, "Stable", "consumer", "range"), (found.ErrorCode, found.GroupState, found.ProtocolType, found.ProtocolData));
        Assert.Equal((member.Id, "test", "/127.0.0.1"), found.Members.Select(m => (m.MemberId, m.ClientId, m.ClientHost)).Single());
        Assert.Equal(ErrorCode.GroupIdNotFound, groups.Single(g => g.GroupId == "none").ErrorCode);
    }
}
