using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ConsumerGroupDescribeTests
{
    [Fact]
    public async Task A_group_is_described_with_what_its_members_subscribe_to()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        await ConsumerGroupHeartbeatTests.HeartbeatAsync(broker, 0);
        var groups = (await broker.CallAsync<ConsumerGroupDescribeResponse>(new ConsumerGroupDescribeRequest { GroupIds = ["new", "none"] })).Groups;
        var member = Assert.Single(groups.Single(g => g.GroupId == "new").Members);
        Assert.Equal(("m", "test"), (member.MemberId, member.ClientId));
        Assert.Equal(["t"], member.SubscribedTopicNames);
        Assert.Equal(ErrorCode.GroupIdNotFound, groups.Single(g => g.GroupId == "none").ErrorCode);
    }
}
