using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// DeleteTopics (KIP-4, KIP-516), by name and, from version 6 on, by id. The topic is gone when the answer leaves; its
/// files go in the background (<c>file.delete.delay.ms</c>).
/// </summary>
[KafkaApi(ApiKey.DeleteTopics)]
internal sealed class DeleteTopics(MetadataController controller, ClientQuotas quotas, bool isEnabled) : IApi<DeleteTopicsRequest, DeleteTopicsResponse>
{
    private const short FirstVersionById = 6;
    private const short FirstVersionWithDisabled = 3;
    private const short FirstVersionWithQuotas = 5;

    /// <inheritdoc/>
    public async ValueTask<DeleteTopicsResponse?> HandleAsync(DeleteTopicsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var topics = context.ApiVersion >= FirstVersionById
            ? request.Topics.Select(t => new TopicToDelete(t.Name, t.TopicId)).ToArray()
            : [.. request.TopicNames.Select(name => new TopicToDelete(name, TopicId.None))];
        if (!isEnabled)
        {
            var error = context.ApiVersion >= FirstVersionWithDisabled ? ErrorCode.TopicDeletionDisabled : ErrorCode.InvalidRequest;
            return Answer(topics.Select(t => new DeletedTopic(t.Name, t.Id, error, "Topic deletion is disabled: set delete.topic.enable=true to allow it.")));
        }

        try
        {
            var refused = new List<DeletedTopic>();
            var deleted = await controller.SubmitAsync(
                (image, _) => TopicDeletion.Decide(image, WithinQuota(image, topics, context, refused)), cancellationToken);
            return Answer(deleted.Concat(refused));
        }
        catch (IOException e)
        {
            return Answer(topics.Select(t => new DeletedTopic(t.Name, t.Id, ErrorCode.KafkaStorageError, e.Message)));
        }
    }

    private List<TopicToDelete> WithinQuota(MetadataImage image, TopicToDelete[] topics, RequestContext context, List<DeletedTopic> refused)
    {
        var allowed = new List<TopicToDelete>(topics.Length);
        foreach (var topic in topics)
        {
            var found = topic.Name is { } name ? image.TopicByName(name) : image.TopicById(topic.Id);
            if (quotas.TryMutate(context.ClientId, found?.Partitions.Count ?? 0, context.ApiVersion >= FirstVersionWithQuotas, out var throttleMs))
            {
                allowed.Add(topic);
            }
            else
            {
                refused.Add(new(topic.Name, topic.Id, ErrorCode.ThrottlingQuotaExceeded, "The throttling quota has been exceeded."));
            }

            context.Throttle(throttleMs);
        }

        return allowed;
    }

    private static DeleteTopicsResponse Answer(IEnumerable<DeletedTopic> results) => new()
    {
        Responses =
        [
            .. results.Select(r => new DeleteTopicsResponse.DeletableTopicResult
            {
                Name = r.Name, TopicId = r.Id, ErrorCode = r.Error, ErrorMessage = r.Message,
            }),
        ],
    };
}
