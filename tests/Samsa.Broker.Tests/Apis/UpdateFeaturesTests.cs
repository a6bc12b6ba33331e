using Samsa.Model;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Tests.Apis;

public sealed class UpdateFeaturesTests
{
    [Fact]
    public async Task A_level_that_was_raised_is_advertised()
    {
        await using var broker = await TestBroker.StartAsync();
        await UpdateAsync(broker, 1, ("metadata.version", 24, 2));
        var answer = await UpdateAsync(broker, 1, ("metadata.version", 25, 1));
        Assert.Equal(("metadata.version", ErrorCode.None), answer.Results.Select(r => (r.Feature, r.ErrorCode)).Single());
        var versions = await broker.CallAsync<ApiVersionsResponse>(new ApiVersionsRequest { ClientSoftwareName = "x", ClientSoftwareVersion = "1" }, 4);
        Assert.Equal(("metadata.version", (short)25), versions.FinalizedFeatures.Select(f => (f.Name, f.MaxVersionLevel)).Single(f => f.Name == "metadata.version"));
        Assert.Contains("metadata.version", versions.SupportedFeatures.Select(f => f.Name));
    }

    [Theory]
    [InlineData("metadata.version", 99, 1)]
    [InlineData("metadata.version", 20, 1)]
    [InlineData("metadata.version", 29, 2)]
    [InlineData("metadata.version", 26, 9)]
    [InlineData("metadata.version", -1, 2)]
    [InlineData("no.such.feature", 1, 1)]
    public async Task A_level_that_cannot_be_is_refused_for_the_whole_request(string feature, short level, sbyte upgrade)
    {
        await using var broker = await TestBroker.StartAsync();
        await UpdateAsync(broker, 2, ("metadata.version", 25, 2));
        var answer = await UpdateAsync(broker, 2, (feature, level, upgrade));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, answer.ErrorCode);
        Assert.Equal(25, broker.Image.Features["metadata.version"]);
    }

    [Fact]
    public async Task A_level_goes_down_when_that_is_said()
    {
        await using var broker = await TestBroker.StartAsync();
        await UpdateAsync(broker, 2, ("metadata.version", 25, 2));
        Assert.Equal(ErrorCode.None, (await UpdateAsync(broker, 2, ("metadata.version", 20, 2))).ErrorCode);
        Assert.Equal(20, broker.Image.Features["metadata.version"]);
    }

    private static Task<UpdateFeaturesResponse> UpdateAsync(TestBroker broker, short version, params (string Name, short Level, sbyte Upgrade)[] features) =>
        broker.CallAsync<UpdateFeaturesResponse>(
            new UpdateFeaturesRequest
            {
                FeatureUpdates = Array.ConvertAll(features, f => new UpdateFeaturesRequest.FeatureUpdateKey { Feature = f.Name, MaxVersionLevel = f.Level, UpgradeType = f.Upgrade }),
            },
            version);
}
