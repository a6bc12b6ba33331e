using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// ListConfigResources (KIP-714, KIP-1142): what has, or may have, configuration: topics, brokers and their loggers, and the groups and client
/// metrics subscriptions that were given some. Version 0 lists subscriptions only.
/// </summary>
[KafkaApi(ApiKey.ListConfigResources)]
internal sealed class ListConfigResources(ClusterView cluster) : IApi<ListConfigResourcesRequest, ListConfigResourcesResponse>
{
    private static readonly ConfigResourceType[] All = Enum.GetValues<ConfigResourceType>();

    /// <inheritdoc/>
    public ValueTask<ListConfigResourcesResponse?> HandleAsync(
        ListConfigResourcesRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var asked = context.ApiVersion == 0 ? [ConfigResourceType.ClientMetrics]
            : request.ResourceTypes.Length == 0 ? All
            : Array.ConvertAll(request.ResourceTypes, t => (ConfigResourceType)t);
        return new(asked.Except(All).Any()
            ? new ListConfigResourcesResponse { ErrorCode = ErrorCode.UnsupportedVersion }
            : new ListConfigResourcesResponse
            {
                ConfigResources =
                [
                    .. asked.Distinct().Order().SelectMany(type => Names(type).Select(name => new ListConfigResourcesResponse.ConfigResource
                    {
                        ResourceName = name, ResourceType = (sbyte)type,
                    })),
                ],
            });
    }

    private IEnumerable<string> Names(ConfigResourceType type)
    {
        var image = cluster.Image;
        return type switch
        {
            ConfigResourceType.Topic => image.Topics.Keys.Order(StringComparer.Ordinal),
            ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => image.Brokers.Keys.Select(id => id.ToString()),
            _ => image.Configs.Keys.Where(r => r.Type == type).Select(r => r.Name).Order(StringComparer.Ordinal),
        };
    }
}
