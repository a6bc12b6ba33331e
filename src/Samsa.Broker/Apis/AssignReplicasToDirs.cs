using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>AssignReplicasToDirs (KIP-858): a broker says in which of its directories its replicas lie.</summary>
[KafkaApi(ApiKey.AssignReplicasToDirs)]
internal sealed class AssignReplicasToDirs(MetadataController controller) : IApi<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AssignReplicasToDirsResponse?> HandleAsync(
        AssignReplicasToDirsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        await controller.SubmitAsync(t => ReplicaDirectories.Decide(t.Image, request, t.Rules), cancellationToken);
}
