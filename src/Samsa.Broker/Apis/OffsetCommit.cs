using Samsa.Broker.Coordinators;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// OffsetCommit (KIP-211, KIP-345, KIP-848): stores the positions of a group. Positions in topics that do not exist are
/// refused one by one; the others are stored together or not at all.
/// </summary>
[KafkaApi(ApiKey.OffsetCommit)]
internal sealed class OffsetCommit(GroupCoordinator groups, MetadataState metadata) : IApi<OffsetCommitRequest, OffsetCommitResponse>
{
    private const short VersionOfZooKeeper = 0;
    private const short FirstVersionWithTopicIds = 10;

    /// <inheritdoc/>
    public async ValueTask<OffsetCommitResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var (asked, refused, known) = (request.Topics, new List<OffsetCommitResponse.OffsetCommitResponseTopic>(), new List<OffsetCommitRequest.OffsetCommitRequestTopic>());
        foreach (var topic in asked)
        {
            Sort(topic, context.ApiVersion, refused, known);
        }

        if (known.Count == 0 && refused.Count > 0)
        {
            return new OffsetCommitResponse { Topics = Merge(asked, refused) };
        }

        // Version 0 wrote to ZooKeeper, which nobody has any more.
        request.Topics = [.. known];
        var answer = context.ApiVersion == VersionOfZooKeeper
            ? (OffsetCommitResponse)GroupFailures.Answer(request, context.ApiVersion, ErrorCode.UnsupportedVersion)
            : await groups.SubmitAsync<OffsetCommitResponse>(request.GroupId, request, context);
        return new OffsetCommitResponse { Topics = Merge(asked, refused.Concat(answer!.Topics)) };
    }

    // A topic that is known in part appears on both sides; the answer has one entry for it, in the order of the request.
    private static OffsetCommitResponse.OffsetCommitResponseTopic[] Merge(
        OffsetCommitRequest.OffsetCommitRequestTopic[] asked, IEnumerable<OffsetCommitResponse.OffsetCommitResponseTopic> answers)
    {
        var byTopic = answers.ToLookup(a => (a.Name, a.TopicId));
        return
        [
            .. asked.Select(t => new OffsetCommitResponse.OffsetCommitResponseTopic
            {
                Name = t.Name, TopicId = t.TopicId, Partitions = [.. byTopic[(t.Name, t.TopicId)].SelectMany(a => a.Partitions)],
            }),
        ];
    }

    private void Sort(
        OffsetCommitRequest.OffsetCommitRequestTopic topic,
        short version,
        List<OffsetCommitResponse.OffsetCommitResponseTopic> refused,
        List<OffsetCommitRequest.OffsetCommitRequestTopic> known)
    {
        var byId = version >= FirstVersionWithTopicIds;
        var image = byId ? metadata.Image.TopicById(topic.TopicId) : metadata.Image.TopicByName(topic.Name);
        var error = image is null && byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        var isKnown = topic.Partitions.ToLookup(p => p.PartitionIndex >= 0 && p.PartitionIndex < (image?.Partitions.Count ?? 0));
        if (isKnown[true].Any())
        {
            known.Add(new() { Name = topic.Name, TopicId = topic.TopicId, Partitions = [.. isKnown[true]] });
        }

        if (isKnown[false].Any())
        {
            refused.Add(new()
            {
                Name = topic.Name,
                TopicId = topic.TopicId,
                Partitions =
                [
                    .. isKnown[false].Select(p => new OffsetCommitResponse.OffsetCommitResponsePartition
                    {
                        PartitionIndex = p.PartitionIndex, ErrorCode = error,
                    }),
                ],
            });
        }
    }
}
