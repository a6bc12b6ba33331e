using Samsa.Protocol.Messages;

namespace Samsa.Protocol.Tests;

public class ApiCatalogTests
{
    [Fact]
    public void Every_api_has_a_request_and_a_response_of_its_key()
    {
        Assert.Equal(90, ApiCatalog.All.Count);
        foreach (var api in ApiCatalog.All)
        {
            Assert.Equal(api.Key, api.NewRequest().ApiKey);
            Assert.Equal(api.Key, api.NewResponse().ApiKey);
            Assert.True(ApiCatalog.TryGet((short)api.Key, out var found));
            Assert.Same(api, found);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(93)]
    [InlineData(short.MaxValue)]
    public void A_key_without_definition_is_not_found(short key) => Assert.False(ApiCatalog.TryGet(key, out _));

    [Theory]
    [InlineData(ApiKey.Fetch, 11, 1, 0)]
    [InlineData(ApiKey.Fetch, 12, 2, 1)]
    [InlineData(ApiKey.ControlledShutdown, 0, 0, 0)]
    [InlineData(ApiKey.ControlledShutdown, 1, 1, 0)]
    [InlineData(ApiKey.ApiVersions, 2, 1, 0)]
    [InlineData(ApiKey.ApiVersions, 3, 2, 0)]
    [InlineData(ApiKey.SaslHandshake, 1, 1, 0)]
    public void Headers_follow_the_version_of_the_api(ApiKey key, short version, short request, short response)
    {
        var api = ApiCatalog.Get(key);
        Assert.Equal(request, api.RequestHeaderVersion(version));
        Assert.Equal(response, api.ResponseHeaderVersion(version));
    }

    [Fact]
    public void A_version_outside_the_definition_is_refused()
    {
        Assert.Throws<ProtocolException>(() => new FetchRequest().ComputeSize(FetchRequest.FirstVersion - 1));
        Assert.Throws<ProtocolException>(() => new FetchRequest().ComputeSize(FetchRequest.LastVersion + 1));
    }
}
