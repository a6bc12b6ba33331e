using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// CreateTopics (KIP-4, KIP-464, KIP-525): topics with a number of partitions and replicas, or with an assignment by
/// hand, and with configuration of their own. When the answer leaves, the new topics can be used.
/// </summary>
[KafkaApi(ApiKey.CreateTopics)]
internal sealed class CreateTopics(TopicDecisions topics, CurrentConfig configs, ClientQuotas quotas)
    : IApi<CreateTopicsRequest, CreateTopicsResponse>
{
    private const short FirstVersionWithConfigs = 5;
    private const short FirstVersionWithQuotas = 6;

    /// <inheritdoc/>
    public async ValueTask<CreateTopicsResponse?> HandleAsync(CreateTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var duplicates = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        NewTopic[] wishes = [.. request.Topics.Where(t => !duplicates.Contains(t.Name)).Select(Wish)];
        wishes = WithinQuota(wishes, request.ValidateOnly, context, out var refused);
        NewTopicResult[] results;
        try
        {
            results = await topics.CreateAsync(wishes, request.ValidateOnly, cancellationToken);
        }
        catch (IOException e)
        {
            results = [.. wishes.Select(w => new NewTopicResult(w.Name, ErrorCode.KafkaStorageError, e.Message))];
        }

        var withConfigs = context.ApiVersion >= FirstVersionWithConfigs;
        return new CreateTopicsResponse
        {
            Topics =
            [
                .. results.Select((r, i) => Answer(r, wishes[i], withConfigs)),
                .. refused.Select(name => Answer(new NewTopicResult(name, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded."), null, withConfigs)),
                .. duplicates.Select(name => Answer(new NewTopicResult(name, ErrorCode.InvalidRequest, "Duplicate topic name."), null, withConfigs)),
            ],
        };
    }

    private NewTopic[] WithinQuota(NewTopic[] wishes, bool validateOnly, RequestContext context, out List<string> refused)
    {
        refused = [];
        if (validateOnly)
        {
            return wishes;
        }

        var allowed = new List<NewTopic>(wishes.Length);
        foreach (var wish in wishes)
        {
            var partitions = wish.Assignments.Count > 0 ? wish.Assignments.Count : Math.Max(1, wish.Partitions);
            if (quotas.TryMutate(context.ClientId, partitions, context.ApiVersion >= FirstVersionWithQuotas, out var throttleMs))
            {
                allowed.Add(wish);
            }
            else
            {
                refused.Add(wish.Name);
            }

            context.Throttle(throttleMs);
        }

        return [.. allowed];
    }

    private static NewTopic Wish(CreateTopicsRequest.CreatableTopic topic)
    {
        var configs = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var config in topic.Configs)
        {
            configs[config.Name] = config.Value;
        }

        return new NewTopic(
            topic.Name,
            topic.NumPartitions,
            topic.ReplicationFactor,
            [.. topic.Assignments.Select(a => (a.PartitionIndex, a.BrokerIds))],
            configs);
    }

    private CreateTopicsResponse.CreatableTopicConfigs[] Show(IReadOnlyDictionary<string, string?> given)
    {
        var overrides = given.Where(g => g.Value is not null).ToDictionary(g => g.Key, g => g.Value!, StringComparer.Ordinal);
        return
        [
            .. configs.Broker.DescribeTopic(overrides, names: null).Select(e => new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = e.Name, Value = e.Value, ReadOnly = e.IsReadOnly, ConfigSource = (sbyte)e.Source, IsSensitive = e.IsSensitive,
            }),
        ];
    }

    private CreateTopicsResponse.CreatableTopicResult Answer(NewTopicResult result, NewTopic? wish, bool withConfigs) => new()
    {
        Name = result.Name,
        TopicId = result.Id,
        ErrorCode = result.Error,
        ErrorMessage = result.Message,
        NumPartitions = result.Partitions,
        ReplicationFactor = result.ReplicationFactor,
        Configs = withConfigs && result.Error == ErrorCode.None && wish is not null ? Show(wish.Configs) : [],
    };
}
