using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class OffsetForLeaderEpochTests
{
    [Fact]
    public async Task An_epoch_ends_where_the_next_one_begins()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await broker.ProduceAsync("t", 0, "a", "b");
        var first = broker.Image.TopicByName("t")!.Partitions[0].LeaderEpoch;
        await broker.CrashAsync();
        await broker.ProduceAsync("t", 0, "c");
        Assert.Equal((ErrorCode.None, 2), await AskAsync(broker, "t", first));
        Assert.Equal((ErrorCode.None, 3), await AskAsync(broker, "t", broker.Image.TopicByName("t")!.Partitions[0].LeaderEpoch));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync(broker, "none", first)).Error);
    }

    private static async Task<(ErrorCode Error, long EndOffset)> AskAsync(TestBroker broker, string topic, LeaderEpoch epoch)
    {
        var request = new OffsetForLeaderEpochRequest { Topics = [new() { Topic = topic, Partitions = [new() { LeaderEpoch = epoch }] }] };
        var answer = (await broker.CallAsync<OffsetForLeaderEpochResponse>(request)).Topics[0].Partitions[0];
        return (answer.ErrorCode, answer.EndOffset.Value);
    }
}
