using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// AlterConfigs (KIP-133): gives resources exactly the settings named; all others go back to their defaults. Superseded by
/// IncrementalAlterConfigs, which is also where the levels of loggers change.
/// </summary>
[KafkaApi(ApiKey.AlterConfigs)]
internal sealed class AlterConfigs(ConfigAlterer configs) : IApi<AlterConfigsRequest, AlterConfigsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AlterConfigsResponse?> HandleAsync(AlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var results = await configs.AlterAsync(Array.ConvertAll(request.Resources, Wish), request.ValidateOnly, cancellationToken);
        return new AlterConfigsResponse
        {
            Responses = Array.ConvertAll(results, r => new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ErrorCode = r.Error, ErrorMessage = r.Message, ResourceType = (sbyte)r.Resource.Type, ResourceName = r.Resource.Name,
            }),
        };
    }

    private static ConfigWish Wish(AlterConfigsRequest.AlterConfigsResource resource) => new(
        new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
        Array.ConvertAll(resource.Configs, c => new ConfigChange(c.Name, ConfigOperation.Set, c.Value)),
        ReplacesAll: true);
}
