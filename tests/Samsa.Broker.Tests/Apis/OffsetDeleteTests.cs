using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class OffsetDeleteTests
{
    [Fact]
    public async Task An_offset_that_was_deleted_is_gone()
    {
        await using var broker = await GroupMember.StartBrokerAsync();
        var group = new GroupMember(broker, "g");
        await group.CommitAsync(5);
        var request = new OffsetDeleteRequest { GroupId = "g", Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0 }] }] };
        Assert.Equal(ErrorCode.None, (await broker.CallAsync<OffsetDeleteResponse>(request)).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(-1, await group.PositionAsync());
        Assert.Equal(ErrorCode.GroupIdNotFound, (await broker.CallAsync<OffsetDeleteResponse>(new OffsetDeleteRequest { GroupId = "none" })).ErrorCode);
    }
}
