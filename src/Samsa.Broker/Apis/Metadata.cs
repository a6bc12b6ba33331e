using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// Metadata (KIP-4, KIP-430, KIP-516): brokers, topics and their leaders. A topic that does not exist may be created on
/// the way (<c>auto.create.topics.enable</c>). Unlike Kafka, which answers UNKNOWN_TOPIC_OR_PARTITION at first and lets
/// the client ask again, the answer waits until the new topic can be used.
/// </summary>
[KafkaApi(ApiKey.Metadata)]
internal sealed class Metadata(ClusterView cluster, TopicCreator topics, bool autoCreate) : IApi<MetadataRequest, MetadataResponse>
{
    private const short FirstVersionWithIds = 12;
    private const short LastVersionWithClusterOperations = 10;

    /// <inheritdoc/>
    public async ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var version = context.ApiVersion;
        if (request.Topics is { } asked && version < FirstVersionWithIds && Array.Exists(asked, t => t.TopicId.IsKnown || t.Name is null))
        {
            return RefuseIds(asked);
        }

        var image = cluster.Image;
        IEnumerable<MetadataResponse.MetadataResponseTopic> answers;
        if (request.Topics is null || (version == 0 && request.Topics.Length == 0))
        {
            answers = image.Topics.Values.Select(t => Describe(image, t, request));
        }
        else
        {
            IReadOnlyDictionary<string, ErrorCode> created = autoCreate && request.AllowAutoTopicCreation
                ? await topics.CreateMissingAsync(image, request.Topics.Select(t => t.Name), cancellationToken)
                : new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
            image = cluster.Image;
            // As in Kafka names do not count beside ids.
            var wanted = Array.Exists(request.Topics, t => t.TopicId.IsKnown) ? Array.FindAll(request.Topics, t => t.TopicId.IsKnown) : request.Topics;
            answers = wanted.DistinctBy(t => (t.Name, t.TopicId)).Select(t => Find(image, t, created, request));
        }

        return new MetadataResponse
        {
            Brokers =
            [
                .. cluster.BrokersOn(context.Connection.ListenerName).Select(b => new MetadataResponse.MetadataResponseBroker
                {
                    NodeId = b.Broker.Id, Host = b.Endpoint.Host, Port = b.Endpoint.Port, Rack = b.Broker.Rack,
                }),
            ],
            ClusterId = cluster.ClusterId,
            ControllerId = cluster.ControllerId,
            Topics = [.. answers],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations && version <= LastVersionWithClusterOperations
                ? AuthorizedOperations.Cluster
                : AuthorizedOperations.NotAsked,
        };
    }

    private static MetadataResponse.MetadataResponseTopic Find(
        MetadataImage image, MetadataRequest.MetadataRequestTopic asked, IReadOnlyDictionary<string, ErrorCode> created, MetadataRequest request)
    {
        if (asked.TopicId.IsKnown)
        {
            return image.TopicById(asked.TopicId) is { } byId
                ? Describe(image, byId, request)
                : new() { ErrorCode = ErrorCode.UnknownTopicId, Name = null, TopicId = asked.TopicId };
        }

        var name = asked.Name ?? "";
        if (image.TopicByName(name) is { } topic)
        {
            return Describe(image, topic, request);
        }

        var error = TopicName.Refuse(name) is not null ? ErrorCode.InvalidTopicException
            : created.TryGetValue(name, out var reason) && reason != ErrorCode.None ? reason
            : ErrorCode.UnknownTopicOrPartition;
        return new() { ErrorCode = error, Name = name, IsInternal = TopicName.IsInternal(name) };
    }

    private static MetadataResponse.MetadataResponseTopic Describe(MetadataImage image, TopicImage topic, MetadataRequest request)
    {
        var partitions = new MetadataResponse.MetadataResponsePartition[topic.Partitions.Count];
        for (var i = 0; i < partitions.Length; i++)
        {
            var p = topic.Partitions[i];
            partitions[i] = new()
            {
                ErrorCode = p.Leader == BrokerId.None ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
                PartitionIndex = p.Partition,
                LeaderId = p.Leader,
                LeaderEpoch = p.LeaderEpoch,
                ReplicaNodes = p.Replicas,
                IsrNodes = p.InSyncReplicas,
                OfflineReplicas = p.OfflineReplicas(image),
            };
        }

        return new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = TopicName.IsInternal(topic.Name),
            Partitions = partitions,
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? AuthorizedOperations.Topic : AuthorizedOperations.NotAsked,
        };
    }

    // KIP-516 put topic ids into versions 10 and 11 by mistake; a request may use them from version 12 on.
    private static MetadataResponse RefuseIds(MetadataRequest.MetadataRequestTopic[] asked) => new()
    {
        ControllerId = BrokerId.None,
        Topics =
        [
            .. asked.Select(t => new MetadataResponse.MetadataResponseTopic
            {
                ErrorCode = ErrorCode.InvalidRequest, Name = t.Name ?? "", TopicId = t.TopicId,
            }),
        ],
    };
}
