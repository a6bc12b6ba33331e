using Microsoft.Extensions.Time.Testing;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Server.Tests;

public sealed class OfflinePartitionTests
{
    [Fact]
    public async Task A_partition_whose_log_could_not_be_made_serves_once_it_can_without_a_restart()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var server = await TestServer.StartAsync(time);
        using var client = server.Connect();

        // A file where the directory has to be: as little can be made there as on a full disk.
        var obstacle = Path.Combine(server.DataDirectory, "t-0");
        await File.WriteAllTextAsync(obstacle, "in the way", TestContext.Current.CancellationToken);
        client.Call<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] }, 12);
        Assert.Equal(ErrorCode.KafkaStorageError, ProduceAndFetchTests.Produce(client, "t", 1, "a").ErrorCode);

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(ErrorCode.KafkaStorageError, ProduceAndFetchTests.Produce(client, "t", 1, "a").ErrorCode);

        File.Delete(obstacle);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(ErrorCode.None, ProduceAndFetchTests.Produce(client, "t", 1, "a").ErrorCode);
    }
}
