using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>OffsetDelete (KIP-496): forgets positions of topics that the group does not consume now.</summary>
[KafkaApi(ApiKey.OffsetDelete)]
internal sealed class OffsetDelete(GroupCoordinator groups) : IApi<OffsetDeleteRequest, OffsetDeleteResponse>
{
    /// <inheritdoc/>
    public ValueTask<OffsetDeleteResponse?> HandleAsync(OffsetDeleteRequest request, RequestContext context, CancellationToken cancellationToken) =>
        groups.SubmitAsync<OffsetDeleteResponse>(request.GroupId, request, context);
}
