using Samsa.Broker.Coordinators;
using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// FindCoordinator (KIP-699, KIP-932): the broker that coordinates a group, which is the leader of the group's partition of
/// <c>__consumer_offsets</c>. The first question makes that topic, and is answered as soon as it is there; Kafka answers
/// COORDINATOR_NOT_AVAILABLE until a later question. There are no coordinators of transactions and share groups yet; a
/// transactional id is refused with an error that clients don't try again after, for they would hang.
/// </summary>
[KafkaApi(ApiKey.FindCoordinator)]
internal sealed class FindCoordinator(GroupCoordinator groups, ClusterView cluster) : IApi<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;
    private const sbyte Share = 2;
    private const short FirstBatchedVersion = 4;
    private const short FirstShareVersion = 6;

    /// <inheritdoc/>
    public async ValueTask<FindCoordinatorResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var highestType = context.ApiVersion >= FirstShareVersion ? Share : Transaction;
        var error = request.KeyType is < Group || request.KeyType > highestType ? ErrorCode.InvalidRequest
            : request.KeyType == Group ? ErrorCode.None
            : request.KeyType == Transaction ? ErrorCode.TransactionalIdAuthorizationFailed
            : ErrorCode.CoordinatorNotAvailable;
        var offsets = error == ErrorCode.None ? await groups.EnsureOffsetsTopicAsync(cancellationToken) : null;
        if (context.ApiVersion >= FirstBatchedVersion)
        {
            return new FindCoordinatorResponse { Coordinators = [.. request.CoordinatorKeys.Select(key => Find(key, error, offsets, context))] };
        }

        var found = Find(request.Key, error, offsets, context);
        return new FindCoordinatorResponse
        {
            ErrorCode = found.ErrorCode,
            ErrorMessage = found.ErrorCode == ErrorCode.None ? "NONE" : found.ErrorMessage,
            NodeId = found.NodeId,
            Host = found.Host,
            Port = found.Port,
        };
    }

    private FindCoordinatorResponse.Coordinator Find(string key, ErrorCode error, TopicImage? offsets, RequestContext context)
    {
        var leader = offsets?.Partitions[groups.PartitionOf(key)].Leader ?? BrokerId.None;
        foreach (var (broker, endpoint) in cluster.BrokersOn(context.Connection.ListenerName))
        {
            if (error == ErrorCode.None && broker.Id == leader)
            {
                return new() { Key = key, NodeId = broker.Id, Host = endpoint.Host, Port = endpoint.Port, ErrorMessage = "" };
            }
        }

        error = error == ErrorCode.None ? ErrorCode.CoordinatorNotAvailable : error;
        return new() { Key = key, ErrorCode = error, ErrorMessage = error.Describe().Text, NodeId = BrokerId.None, Port = -1 };
    }
}
