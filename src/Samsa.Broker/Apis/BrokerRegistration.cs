using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>BrokerRegistration (KIP-631, KIP-858, KIP-966): a broker joins the cluster, fenced until it has caught up with the metadata.</summary>
[KafkaApi(ApiKey.BrokerRegistration)]
internal sealed class BrokerRegistration(MetadataController controller) : IApi<BrokerRegistrationRequest, BrokerRegistrationResponse>
{
    /// <inheritdoc/>
    public async ValueTask<BrokerRegistrationResponse?> HandleAsync(
        BrokerRegistrationRequest request, RequestContext context, CancellationToken cancellationToken) =>
        await controller.SubmitAsync(t => BrokerRegistrations.Register(t.Image, t.Sessions, request, t.Next, t.NowMs, t.Rules), cancellationToken);
}
