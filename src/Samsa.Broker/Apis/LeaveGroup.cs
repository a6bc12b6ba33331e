using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>LeaveGroup (KIP-345, KIP-800): members leave a classic group, so that nobody has to wait for their sessions to end.</summary>
[KafkaApi(ApiKey.LeaveGroup)]
internal sealed class LeaveGroup(GroupCoordinator groups) : IApi<LeaveGroupRequest, LeaveGroupResponse>
{
    /// <inheritdoc/>
    public ValueTask<LeaveGroupResponse?> HandleAsync(LeaveGroupRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<LeaveGroupResponse>(request.GroupId, request, context);
}
