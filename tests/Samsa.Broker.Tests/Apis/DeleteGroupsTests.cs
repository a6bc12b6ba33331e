using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DeleteGroupsTests
{
    [Fact]
    public async Task A_group_with_members_stays_and_an_empty_one_goes()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var member = await new GroupMember(broker, "g").JoinAsync();
        await member.CommitAsync(5);
        Assert.Equal(ErrorCode.NonEmptyGroup, await DeleteAsync(broker));
        await member.LeaveAsync();
        Assert.Equal(ErrorCode.None, await DeleteAsync(broker));
        Assert.Equal(ErrorCode.GroupIdNotFound, await DeleteAsync(broker));
        Assert.Equal(-1, await member.PositionAsync());
    }

    private static async Task<ErrorCode> DeleteAsync(TestBroker broker) =>
        (await broker.CallAsync<DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = ["g"] })).Results[0].ErrorCode;
}
