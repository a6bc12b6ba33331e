using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>BrokerHeartbeat (KIP-631, KIP-858): a broker lives, wants to serve or to stop, and has lost directories.</summary>
[KafkaApi(ApiKey.BrokerHeartbeat)]
internal sealed class BrokerHeartbeat(MetadataController controller) : IApi<BrokerHeartbeatRequest, BrokerHeartbeatResponse>
{
    /// <inheritdoc/>
    public async ValueTask<BrokerHeartbeatResponse?> HandleAsync(
        BrokerHeartbeatRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        controller.Hear(request.BrokerId, request.BrokerEpoch, context.Connection.Id);
        return await controller.SubmitAsync(t => BrokerHeartbeats.Decide(t.Image, t.Sessions, request, t.Next, t.NowMs, t.Rules), cancellationToken);
    }
}
