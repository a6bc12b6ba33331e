using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Broker.Apis;

/// <summary>
/// CreatePartitions (KIP-195, KIP-599): gives topics more partitions, which can be used when the answer leaves. Records with a key go to
/// other partitions from then on, which is why the internal topics are refused, otherwise than in Kafka.
/// </summary>
[KafkaApi(ApiKey.CreatePartitions)]
internal sealed class CreatePartitions(MetadataController controller, ClientQuotas quotas) : IApi<CreatePartitionsRequest, CreatePartitionsResponse>
{
    private const short FirstVersionWithQuotas = 3;

    /// <inheritdoc/>
    public async ValueTask<CreatePartitionsResponse?> HandleAsync(CreatePartitionsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var groups = request.Topics.GroupBy(t => t.Name, StringComparer.Ordinal).ToArray();
        var wishes = groups.Where(g => g.Count() == 1).Select(g => Wish(g.First())).ToArray();
        var refused = groups.Where(g => g.Count() > 1).Select(g => new TopicGrowthResult(g.Key, ErrorCode.InvalidRequest, "Duplicate topic name.")).ToList();
        TopicGrowthResult[] results;
        try
        {
            results = await controller.SubmitAsync(
                (image, _) =>
                {
                    var allowed = request.ValidateOnly ? [.. wishes] : WithinQuota(image, wishes, context, refused);
                    var decision = PartitionCreation.Decide(image, allowed);
                    return request.ValidateOnly ? new Transition<TopicGrowthResult[], IMetadataRecord>(decision.Response, []) : decision;
                },
                cancellationToken);
        }
        catch (IOException e)
        {
            results = [.. wishes.Select(w => new TopicGrowthResult(w.Name, ErrorCode.KafkaStorageError, e.Message))];
        }

        return new CreatePartitionsResponse
        {
            Results =
            [
                .. results.Concat(refused).Select(r => new CreatePartitionsResponse.CreatePartitionsTopicResult
                {
                    Name = r.Name, ErrorCode = r.Error, ErrorMessage = r.Message,
                }),
            ],
        };
    }

    private List<TopicGrowth> WithinQuota(MetadataImage image, TopicGrowth[] wishes, RequestContext context, List<TopicGrowthResult> refused)
    {
        var allowed = new List<TopicGrowth>(wishes.Length);
        foreach (var wish in wishes)
        {
            var additional = wish.Count - (image.TopicByName(wish.Name)?.Partitions.Count ?? wish.Count);
            if (quotas.TryMutate(context.ClientId, Math.Max(0, additional), context.ApiVersion >= FirstVersionWithQuotas, out var throttleMs))
            {
                allowed.Add(wish);
            }
            else
            {
                refused.Add(new(wish.Name, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded."));
            }

            context.Throttle(throttleMs);
        }

        return allowed;
    }

    private static TopicGrowth Wish(CreatePartitionsRequest.CreatePartitionsTopic topic) =>
        new(topic.Name, topic.Count, topic.Assignments is { } assignments ? Array.ConvertAll(assignments, a => a.BrokerIds) : null);
}
