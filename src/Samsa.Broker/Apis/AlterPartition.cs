using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>AlterPartition (KIP-497, KIP-704, KIP-841, KIP-903): a leader says who is in sync.</summary>
[KafkaApi(ApiKey.AlterPartition)]
internal sealed class AlterPartition(MetadataController controller) : IApi<AlterPartitionRequest, AlterPartitionResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AlterPartitionResponse?> HandleAsync(
        AlterPartitionRequest request, RequestContext context, CancellationToken cancellationToken) =>
        await controller.SubmitAsync(t => IsrAlteration.Decide(t.Image, request, context.ApiVersion, t.Rules), cancellationToken);
}
