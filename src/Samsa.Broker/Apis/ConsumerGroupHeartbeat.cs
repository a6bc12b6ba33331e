using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// ConsumerGroupHeartbeat (KIP-848, KIP-1082): a member of the new protocol comes, says that it is there, goes, and is told
/// what to read. A heartbeat to a group that does not exist any more is answered UNKNOWN_MEMBER_ID, after which clients join
/// anew; Kafka answers GROUP_ID_NOT_FOUND, after which they give up.
/// </summary>
[KafkaApi(ApiKey.ConsumerGroupHeartbeat)]
internal sealed class ConsumerGroupHeartbeat(GroupCoordinator groups) : IApi<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>
{
    /// <inheritdoc/>
    public ValueTask<ConsumerGroupHeartbeatResponse?> HandleAsync(
        ConsumerGroupHeartbeatRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<ConsumerGroupHeartbeatResponse>(request.GroupId, request, context);
}
