using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ListConfigResourcesTests
{
    [Fact]
    public async Task Everything_that_has_or_may_have_settings_is_listed()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("t");
        await IncrementalAlterConfigsTests.AlterAsync(broker, 16, "s", ("interval.ms", ConfigOperation.Set, "1000"));
        await IncrementalAlterConfigsTests.AlterAsync(broker, 32, "g", ("consumer.session.timeout.ms", ConfigOperation.Set, "50000"));
        Assert.Equal([(2, "t"), (4, "1"), (8, "1"), (16, "s"), (32, "g")], Names(await ListAsync(broker, 1)));
        Assert.Equal([(2, "t"), (32, "g")], Names(await ListAsync(broker, 1, 32, 2, 2)));
        Assert.Equal([(16, "s")], Names(await ListAsync(broker, 0)));
    }

    [Fact]
    public async Task A_kind_that_does_not_exist_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.UnsupportedVersion, (await ListAsync(broker, 1, 3)).ErrorCode);
    }

    private static Task<ListConfigResourcesResponse> ListAsync(TestBroker broker, short version, params sbyte[] types) =>
        broker.CallAsync<ListConfigResourcesResponse>(new ListConfigResourcesRequest { ResourceTypes = types }, version);

    private static IEnumerable<(int Type, string Name)> Names(ListConfigResourcesResponse response) =>
        response.ConfigResources.Select(r => ((int)r.ResourceType, r.ResourceName));
}
