using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// JoinGroup (KIP-62, KIP-345, KIP-394, KIP-814): a member enters a classic group, or enters it anew for a rebalance. The answer waits
/// until the members are complete.
/// </summary>
[KafkaApi(ApiKey.JoinGroup)]
internal sealed class JoinGroup(GroupCoordinator groups) : IApi<JoinGroupRequest, JoinGroupResponse>
{
    /// <inheritdoc/>
    public ValueTask<JoinGroupResponse?> HandleAsync(JoinGroupRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<JoinGroupResponse>(request.GroupId, request, context);
}
