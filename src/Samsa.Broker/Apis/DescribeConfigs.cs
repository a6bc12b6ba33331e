using System.Globalization;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// DescribeConfigs (KIP-133, KIP-226, KIP-412, KIP-569, KIP-714): the settings of topics, groups, client metrics subscriptions and this
/// broker with their origin, synonyms and meaning, and the levels of its loggers. Secrets are never shown.
/// </summary>
[KafkaApi(ApiKey.DescribeConfigs)]
internal sealed class DescribeConfigs(ClusterView cluster, CurrentConfig configs, BrokerLoggers loggers) : IApi<DescribeConfigsRequest, DescribeConfigsResponse>
{
    /// <inheritdoc/>
    public ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new DescribeConfigsResponse { Results = Array.ConvertAll(request.Resources, r => Describe(r, request, context.ApiVersion)) });

    private DescribeConfigsResponse.DescribeConfigsResult Describe(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request, short version)
    {
        var (error, message, entries) = (ConfigResourceType)resource.ResourceType switch
        {
            ConfigResourceType.Topic => Topic(resource.ResourceName, resource.ConfigurationKeys),
            ConfigResourceType.Broker => Broker(resource.ResourceName, resource.ConfigurationKeys),
            ConfigResourceType.BrokerLogger => Loggers(resource.ResourceName, resource.ConfigurationKeys),
            ConfigResourceType.ClientMetrics => ClientMetrics(resource.ResourceName, resource.ConfigurationKeys),
            ConfigResourceType.Group => Group(resource.ResourceName, resource.ConfigurationKeys),
            _ => Refuse(ErrorCode.InvalidRequest, ErrorCode.InvalidRequest.Describe().Text),
        };
        return new()
        {
            ErrorCode = error,
            ErrorMessage = message,
            ResourceType = resource.ResourceType,
            ResourceName = resource.ResourceName,
            Configs = [.. entries.Select(e => Show(e, request, version))],
        };
    }

    private (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) Topic(string name, string[]? keys) =>
        TopicName.Refuse(name) is { } reason ? Refuse(ErrorCode.InvalidTopicException, reason)
        : cluster.Image.TopicByName(name) is null ? Refuse(ErrorCode.UnknownTopicOrPartition, "")
        : (ErrorCode.None, "", configs.Broker.DescribeTopic(configs.OverridesOf(ConfigResource.Topic(name)), keys));

    private (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) Broker(string name, string[]? keys)
    {
        if (name.Length == 0)
        {
            return (ErrorCode.None, "", configs.Broker.DescribeEveryBroker(keys));
        }

        if (!int.TryParse(name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id))
        {
            return Refuse(ErrorCode.InvalidRequest, $"Broker id must be an integer, but it is: {name}");
        }

        return id == cluster.Self.Value
            ? (ErrorCode.None, "", configs.Broker.DescribeBroker(keys))
            : Refuse(ErrorCode.InvalidRequest, $"Unexpected broker id, expected {cluster.Self} or empty string, but received {name}");
    }

    private (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) Loggers(string name, string[]? keys) =>
        name.Length == 0 ? Refuse(ErrorCode.InvalidRequest, "Broker id must not be empty")
        : loggers.RefuseName(name) is { } reason ? Refuse(ErrorCode.InvalidRequest, reason)
        : (ErrorCode.None, "", loggers.Describe(keys));

    private (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) ClientMetrics(string name, string[]? keys) =>
        name.Length == 0
            ? Refuse(ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty")
            : (ErrorCode.None, "", configs.Broker.DescribeClientMetrics(configs.OverridesOf(new ConfigResource(ConfigResourceType.ClientMetrics, name)), keys));

    private (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) Group(string name, string[]? keys) =>
        name.Length == 0
            ? Refuse(ErrorCode.InvalidRequest, "Group name must not be empty")
            : (ErrorCode.None, "", configs.Broker.DescribeGroup(configs.OverridesOf(new ConfigResource(ConfigResourceType.Group, name)), keys));

    private static (ErrorCode Error, string Message, IEnumerable<ConfigEntry> Entries) Refuse(ErrorCode error, string message) => (error, message, []);

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Show(ConfigEntry entry, DescribeConfigsRequest request, short version) => new()
    {
        Name = entry.Name,
        Value = entry.Value,
        ReadOnly = entry.IsReadOnly,
        // Later versions tell the source instead.
        IsDefault = version == 0 && entry.IsDefault,
        ConfigSource = (sbyte)entry.Source,
        IsSensitive = entry.IsSensitive,
        ConfigType = (sbyte)entry.Type,
        Documentation = request.IncludeDocumentation ? entry.Doc : null,
        Synonyms = request.IncludeSynonyms
            ? [.. entry.Synonyms.Select(s => new DescribeConfigsResponse.DescribeConfigsSynonym { Name = s.Name, Value = s.Value, Source = (sbyte)s.Source })]
            : [],
    };
}
