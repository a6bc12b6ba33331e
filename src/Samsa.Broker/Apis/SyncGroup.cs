using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>SyncGroup (KIP-345, KIP-559): a classic group's leader hands in the assignment, and every member gets its part; the answer waits for the leader.</summary>
[KafkaApi(ApiKey.SyncGroup)]
internal sealed class SyncGroup(GroupCoordinator groups) : IApi<SyncGroupRequest, SyncGroupResponse>
{
    /// <inheritdoc/>
    public ValueTask<SyncGroupResponse?> HandleAsync(SyncGroupRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<SyncGroupResponse>(request.GroupId, request, context);
}
