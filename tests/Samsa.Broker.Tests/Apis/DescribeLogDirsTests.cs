using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeLogDirsTests
{
    [Fact]
    public async Task A_directory_is_shown_with_its_room_and_the_size_of_its_partitions()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 2);
        await broker.ProduceAsync("t", 1, "a");
        var directory = Assert.Single((await broker.CallAsync<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = null })).Results);
        Assert.Equal((ErrorCode.None, broker.DataDirectory, false), (directory.ErrorCode, directory.LogDir, directory.IsCordoned));
        Assert.InRange(directory.UsableBytes, 1, directory.TotalBytes);
        Assert.Equal([(0, 0L), (1, broker.LogOf("t", 1).SizeInBytes)], directory.Topics.Single().Partitions.Select(p => (p.PartitionIndex, p.PartitionSize)));
    }

    [Fact]
    public async Task Only_the_partitions_asked_for_are_shown()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t", 3);
        var request = new DescribeLogDirsRequest { Topics = [new() { Topic = "t", Partitions = [2, 9] }, new() { Topic = "none", Partitions = [0] }] };
        var directory = (await broker.CallAsync<DescribeLogDirsResponse>(request)).Results[0];
        Assert.Equal(2, directory.Topics.Single().Partitions.Single().PartitionIndex);
        Assert.Empty((await broker.CallAsync<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = [] })).Results[0].Topics);
    }
}
