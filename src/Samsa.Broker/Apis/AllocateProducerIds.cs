using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>AllocateProducerIds (KIP-730): gives a broker the next block of producer ids; no id is in two blocks.</summary>
[KafkaApi(ApiKey.AllocateProducerIds)]
internal sealed class AllocateProducerIds(MetadataController controller) : IApi<AllocateProducerIdsRequest, AllocateProducerIdsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AllocateProducerIdsResponse?> HandleAsync(
        AllocateProducerIdsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        await controller.SubmitAsync(t => ClusterController.AllocateProducerIds(t.Image, request), cancellationToken);
}
