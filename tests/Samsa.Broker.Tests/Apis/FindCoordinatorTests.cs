using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class FindCoordinatorTests
{
    [Fact]
    public async Task The_first_question_makes_the_offsets_topic()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        Assert.Equal(2, broker.Image.TopicByName("__consumer_offsets")!.Partitions.Count);
        var answer = await broker.CallAsync<FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = ["a", "b"] });
        Assert.Equal([("a", 1, 9092), ("b", 1, 9092)], answer.Coordinators.Select(c => (c.Key, c.NodeId.Value, c.Port)));
    }

    [Fact]
    public async Task A_kind_of_coordinator_that_does_not_exist_is_refused()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var answer = await broker.CallAsync<FindCoordinatorResponse>(new FindCoordinatorRequest { KeyType = 9, CoordinatorKeys = ["a"] });
        Assert.NotEqual(ErrorCode.None, answer.Coordinators[0].ErrorCode);
    }
}
