using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ConsumerGroupHeartbeatTests
{
    [Fact]
    public async Task A_member_that_comes_with_epoch_0_gets_its_partitions()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var answer = await HeartbeatAsync(broker, 0);
        Assert.Equal((ErrorCode.None, "m"), (answer.ErrorCode, answer.MemberId));
        var topic = Assert.Single(answer.Assignment!.TopicPartitions);
        Assert.Equal([0, 1], topic.Partitions.Order());
        Assert.Equal(ErrorCode.FencedMemberEpoch, (await HeartbeatAsync(broker, answer.MemberEpoch + 5)).ErrorCode);
        Assert.Equal(-1, (await HeartbeatAsync(broker, -1)).MemberEpoch);
    }

    internal static Task<ConsumerGroupHeartbeatResponse> HeartbeatAsync(TestBroker broker, int epoch) =>
        broker.CallAsync<ConsumerGroupHeartbeatResponse>(new ConsumerGroupHeartbeatRequest
        {
            GroupId = "new", MemberId = "m", MemberEpoch = epoch, RebalanceTimeoutMs = 30_000,
            SubscribedTopicNames = ["t"], TopicPartitions = [],
        });
}
