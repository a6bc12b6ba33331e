using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Apis;

/// <summary>
/// UpdateFeatures (KIP-584, KIP-778, KIP-1022): raises and lowers the levels of features, all that are named or none, as in Kafka 4.
/// </summary>
[KafkaApi(ApiKey.UpdateFeatures)]
internal sealed class UpdateFeatures(MetadataController controller) : IApi<UpdateFeaturesRequest, UpdateFeaturesResponse>
{
    private const short LastVersionWithResults = 1;

    /// <inheritdoc/>
    public async ValueTask<UpdateFeaturesResponse?> HandleAsync(UpdateFeaturesRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var wishes = Array.ConvertAll(request.FeatureUpdates, f => new FeatureWish(
            f.Feature,
            f.MaxVersionLevel,
            context.ApiVersion > 0 ? (FeatureUpgrade)f.UpgradeType : f.AllowDowngrade ? FeatureUpgrade.SafeDowngrade : FeatureUpgrade.Upgrade));
        ErrorCode error;
        string? message;
        try
        {
            (error, message) = await controller.SubmitAsync(
                (image, _) =>
                {
                    var decision = FeatureUpdate.Decide(image, wishes);
                    return request.ValidateOnly ? new Transition<(ErrorCode, string?), IMetadataRecord>(decision.Response, []) : decision;
                },
                cancellationToken);
        }
        catch (IOException e)
        {
            (error, message) = (ErrorCode.KafkaStorageError, e.Message);
        }

        return new UpdateFeaturesResponse
        {
            ErrorCode = error,
            ErrorMessage = message ?? "",
            Results = error == ErrorCode.None && context.ApiVersion <= LastVersionWithResults
                ? Array.ConvertAll(wishes, w => new UpdateFeaturesResponse.UpdatableFeatureResult { Feature = w.Name })
                : [],
        };
    }
}
