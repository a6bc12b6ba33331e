using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class AlterReplicaLogDirsTests
{
    [Theory]
    [InlineData(true, "t", 0, ErrorCode.None)]
    [InlineData(true, "t", 1, ErrorCode.UnknownTopicOrPartition)]
    [InlineData(true, "none", 0, ErrorCode.UnknownTopicOrPartition)]
    [InlineData(false, "t", 0, ErrorCode.LogDirNotFound)]
    public async Task A_replica_stays_where_it_is(bool isHere, string topic, int partition, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        var path = isHere ? broker.DataDirectory : "/nowhere";
        var request = new AlterReplicaLogDirsRequest { Dirs = [new() { Path = path, Topics = [new() { Name = topic, Partitions = [partition] }] }] };
        var result = Assert.Single((await broker.CallAsync<AlterReplicaLogDirsResponse>(request)).Results);
        Assert.Equal((topic, partition, error), (result.TopicName, result.Partitions[0].PartitionIndex, result.Partitions[0].ErrorCode));
    }

    [Fact]
    public async Task A_move_to_another_directory_is_refused()
    {
        var second = Directory.CreateTempSubdirectory("samsa-test-").FullName;
        try
        {
            await using var broker = await TestBroker.StartWithAsync(second);
            await broker.CreateTopicAsync("t", 2);
            var home = broker.LogOf("t").Directory.StartsWith(second, StringComparison.Ordinal);
            var request = new AlterReplicaLogDirsRequest { Dirs = [new() { Path = home ? broker.DataDirectory : second, Topics = [new() { Name = "t", Partitions = [0] }] }] };
            Assert.Equal(ErrorCode.InvalidRequest, (await broker.CallAsync<AlterReplicaLogDirsResponse>(request)).Results[0].Partitions[0].ErrorCode);
        }
        finally
        {
            Directory.Delete(second, recursive: true);
        }
    }
}
