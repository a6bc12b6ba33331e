using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ListGroupsTests
{
    [Theory]
    [InlineData("", "", "empty stable")]
    [InlineData("Empty", "", "empty")]
    [InlineData("stable", "Classic", "stable")]
    [InlineData("", "consumer", "")]
    public async Task Groups_are_listed_by_state_and_type(string state, string type, string expected)
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        await new GroupMember(broker, "stable").JoinAsync();
        await new GroupMember(broker, "empty").CommitAsync(1);
        var request = new ListGroupsRequest { StatesFilter = state.Length == 0 ? [] : [state], TypesFilter = type.Length == 0 ? [] : [type] };
        Assert.Equal(expected, string.Join(' ', (await broker.CallAsync<ListGroupsResponse>(request)).Groups.Select(g => g.GroupId).Order(StringComparer.Ordinal)));
    }
}
