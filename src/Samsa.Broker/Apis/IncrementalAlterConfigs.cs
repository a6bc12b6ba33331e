using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// IncrementalAlterConfigs (KIP-339, KIP-226, KIP-412): sets and deletes single settings of topics, brokers, groups and client metrics
/// subscriptions, appends to and subtracts from lists, and changes the levels of this broker's loggers. Otherwise than in Kafka the settings
/// of a broker can be changed through any broker; the levels of a broker's loggers only through itself, in a request about nothing else.
/// </summary>
[KafkaApi(ApiKey.IncrementalAlterConfigs)]
internal sealed class IncrementalAlterConfigs(ConfigAlterer configs, BrokerLoggers loggers)
    : IApi<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(
        IncrementalAlterConfigsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var wishes = Array.ConvertAll(request.Resources, Wish);
        var here = wishes.Where(IsLogger).ToArray();
        var twice = here.DistinctBy(w => w.Resource).Count() < here.Length;
        var altered = await configs.AlterAsync([.. wishes.Where(w => !IsLogger(w) || twice)], request.ValidateOnly, cancellationToken);
        var others = new Queue<ConfigResult>(altered);
        return new IncrementalAlterConfigsResponse
        {
            Responses = Array.ConvertAll(wishes, w => Show(IsLogger(w) && !twice ? loggers.Alter(w, request.ValidateOnly) : others.Dequeue())),
        };
    }

    /// <summary>Whether a request is about loggers alone, which are those of the broker that is asked.</summary>
    public static bool IsOfLoggers(IRequest request) =>
        Array.TrueForAll(((IncrementalAlterConfigsRequest)request).Resources, r => r.ResourceType == (sbyte)ConfigResourceType.BrokerLogger);

    private static bool IsLogger(ConfigWish wish) => wish.Resource.Type == ConfigResourceType.BrokerLogger;

    private static ConfigWish Wish(IncrementalAlterConfigsRequest.AlterConfigsResource resource) => new(
        new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
        Array.ConvertAll(resource.Configs, c => new ConfigChange(c.Name, (ConfigOperation)c.ConfigOperation, c.Value)),
        ReplacesAll: false);

    private static IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Show(ConfigResult result) => new()
    {
        ErrorCode = result.Error, ErrorMessage = result.Message, ResourceType = (sbyte)result.Resource.Type, ResourceName = result.Resource.Name,
    };
}
