using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class DescribeClientQuotasTests
{
    [Fact]
    public async Task A_quota_that_was_set_is_found()
    {
        await using var broker = await TestBroker.StartAsync();
        await AlterClientQuotasTests.AlterAsync(broker, "client-id", "consumer_byte_rate", 1000);
        var request = new DescribeClientQuotasRequest { Components = [new() { EntityType = "client-id", MatchType = 0, Match = "c" }] };
        var entry = Assert.Single((await broker.CallAsync<DescribeClientQuotasResponse>(request)).Entries!);
        Assert.Equal(("consumer_byte_rate", 1000), entry.Values.Select(v => (v.Key, v.Value)).Single());
        request.Components[0].Match = "other";
        Assert.Empty((await broker.CallAsync<DescribeClientQuotasResponse>(request)).Entries!);
    }
}
