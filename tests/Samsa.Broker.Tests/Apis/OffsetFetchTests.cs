using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class OffsetFetchTests
{
    [Fact]
    public async Task All_that_a_group_committed_is_found_without_naming_it()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        await new GroupMember(broker, "g").CommitAsync(5);
        var answer = (await broker.CallAsync<OffsetFetchResponse>(new OffsetFetchRequest { Groups = [new() { GroupId = "g", Topics = null }, new() { GroupId = "none", Topics = null }] }, 9)).Groups;
        var partition = answer.Single(g => g.GroupId == "g").Topics.Single().Partitions.Single();
        Assert.Equal((0, 5, "m"), (partition.PartitionIndex, partition.CommittedOffset.Value, partition.Metadata));
        Assert.Empty(answer.Single(g => g.GroupId == "none").Topics);
        Assert.Equal(-1, await new GroupMember(broker, "other").PositionAsync());
    }
}
