using Samsa.Broker.Configuration;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// DescribeTopicPartitions (KIP-966): topics and their partitions in order of name, page by page; the cursor says where the next page begins.
/// </summary>
[KafkaApi(ApiKey.DescribeTopicPartitions)]
internal sealed class DescribeTopicPartitions(ClusterView cluster, CurrentConfig configs)
    : IApi<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    /// <inheritdoc/>
    public ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(
        DescribeTopicPartitionsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var image = cluster.Image;
        var names = request.Topics.Length == 0 ? image.Topics.Keys : request.Topics.Select(t => t.Name).Distinct(StringComparer.Ordinal);
        if (request.Cursor is { } bad && (bad.PartitionIndex < 0 || (request.Topics.Length > 0 && !names.Contains(bad.TopicName, StringComparer.Ordinal))))
        {
            return new(Refuse(request));
        }

        var left = Math.Max(1, Math.Min(request.ResponsePartitionLimit, configs.Broker.Get(TopicServiceConfigs.MaxRequestPartitionSizeLimit)));
        var response = new DescribeTopicPartitionsResponse();
        var topics = new List<DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var order = request.Cursor is { } cursor ? string.CompareOrdinal(name, cursor.TopicName) : 1;
            if (order < 0)
            {
                continue;
            }

            if (image.TopicByName(name) is not { } topic)
            {
                topics.Add(Unknown(name));
                continue;
            }

            var first = order == 0 ? request.Cursor!.PartitionIndex : 0;
            var partitions = topic.Partitions.Skip(first).Take(left).Select(p => Describe(image, p)).ToArray();
            topics.Add(Show(topic, partitions));
            left -= partitions.Length;
            if (first + partitions.Length < topic.Partitions.Count)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = first + partitions.Length };
                break;
            }
        }

        response.Topics = [.. topics];
        return new(response);
    }

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Show(
        TopicImage topic, DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition[] partitions) =>
        new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = TopicName.IsInternal(topic.Name),
            Partitions = partitions,
            TopicAuthorizedOperations = AuthorizedOperations.Topic,
        };

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic Unknown(string name) => new()
    {
        ErrorCode = TopicName.Refuse(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
        Name = name,
        IsInternal = TopicName.IsInternal(name),
        TopicAuthorizedOperations = AuthorizedOperations.Topic,
    };

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition Describe(MetadataImage image, PartitionImage partition) => new()
    {
        ErrorCode = partition.Leader == BrokerId.None ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
        PartitionIndex = partition.Partition,
        LeaderId = partition.Leader,
        LeaderEpoch = partition.LeaderEpoch,
        ReplicaNodes = partition.Replicas,
        IsrNodes = partition.InSyncReplicas,
        EligibleLeaderReplicas = partition.EligibleLeaderReplicas,
        LastKnownElr = partition.LastKnownElr,
        OfflineReplicas = partition.OfflineReplicas(image),
    };

    private static DescribeTopicPartitionsResponse Refuse(DescribeTopicPartitionsRequest request) => new()
    {
        Topics = Array.ConvertAll(request.Topics, t => new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
        {
            ErrorCode = ErrorCode.InvalidRequest, Name = t.Name, TopicAuthorizedOperations = AuthorizedOperations.NotAsked,
        }),
    };
}
