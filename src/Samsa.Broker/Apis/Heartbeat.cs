using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>Heartbeat (KIP-62, KIP-345): a member of a classic group is alive, and learns whether a rebalance is under way.</summary>
[KafkaApi(ApiKey.Heartbeat)]
internal sealed class Heartbeat(GroupCoordinator groups) : IApi<HeartbeatRequest, HeartbeatResponse>
{
    /// <inheritdoc/>
    public ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<HeartbeatResponse>(request.GroupId, request, context);
}
