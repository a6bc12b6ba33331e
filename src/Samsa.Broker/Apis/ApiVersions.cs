using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// ApiVersions (KIP-35, KIP-511, KIP-584): what this broker serves. The answer is derived from the table of served
/// APIs, so it never promises what is not there.
/// </summary>
[KafkaApi(ApiKey.ApiVersions)]
internal sealed class ApiVersions(Func<ApiTable> apis, MetadataState metadata) : IApi<ApiVersionsRequest, ApiVersionsResponse>
{
    /// <inheritdoc/>
    public ValueTask<ApiVersionsResponse?> HandleAsync(ApiVersionsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (context.ApiVersion >= 3 && !(IsName(request.ClientSoftwareName) && IsName(request.ClientSoftwareVersion)))
        {
            return new(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        var image = metadata.Image;
        return new(new ApiVersionsResponse
        {
            ApiKeys =
            [
                .. apis().All.Where(a => a.IsAdvertised).Select(a => new ApiVersionsResponse.ApiVersion
                {
                    ApiKey = (short)a.Info.Key, MinVersion = a.AdvertisedMinVersion, MaxVersion = a.MaxVersion,
                }),
            ],
            SupportedFeatures =
            [
                .. FeatureUpdate.Supported.Select(f => new ApiVersionsResponse.SupportedFeatureKey
                {
                    Name = f.Key, MinVersion = f.Value.Min, MaxVersion = f.Value.Max,
                }),
            ],
            FinalizedFeaturesEpoch = image.AppliedOffset.Value,
            FinalizedFeatures =
            [
                .. image.Features.Select(f => new ApiVersionsResponse.FinalizedFeatureKey
                {
                    Name = f.Key, MinVersionLevel = f.Value, MaxVersionLevel = f.Value,
                }),
            ],
        });
    }

    /// <summary>The answer to a version of ApiVersions that this broker does not know, in the form everybody reads: version 0.</summary>
    public static ApiVersionsResponse Unsupported(ServedApi self) => new()
    {
        ErrorCode = ErrorCode.UnsupportedVersion,
        ApiKeys =
        [
            new ApiVersionsResponse.ApiVersion
            {
                ApiKey = (short)ApiKey.ApiVersions, MinVersion = self.MinVersion, MaxVersion = self.MaxVersion,
            },
        ],
    };

    // KIP-511: letters and digits at both ends, dots and dashes between.
    private static bool IsName(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
