using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class ApiVersionsTests
{
    [Fact]
    public async Task What_is_served_is_told_and_nothing_else()
    {
        await using var broker = await TestBroker.StartAsync();
        var answer = await AskAsync(broker, "samsa-test");
        Assert.Equal(broker.Apis.All.Where(a => a.IsAdvertised).Select(a => (short)a.Info.Key), answer.ApiKeys.Select(a => a.ApiKey));
        Assert.All(answer.ApiKeys, a => Assert.True(a.MaxVersion <= ApiCatalog.Get((ApiKey)a.ApiKey).MaxVersion));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-dash")]
    [InlineData("two words")]
    public async Task A_client_with_no_proper_name_is_told_so(string name)
    {
        await using var broker = await TestBroker.StartAsync();
        Assert.Equal(ErrorCode.InvalidRequest, (await AskAsync(broker, name)).ErrorCode);
    }

    private static Task<ApiVersionsResponse> AskAsync(TestBroker broker, string name) =>
        broker.CallAsync<ApiVersionsResponse>(new ApiVersionsRequest { ClientSoftwareName = name, ClientSoftwareVersion = "1" });
}
