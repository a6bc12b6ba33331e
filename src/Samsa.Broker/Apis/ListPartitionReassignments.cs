using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>ListPartitionReassignments (KIP-455): the moves under way.</summary>
[KafkaApi(ApiKey.ListPartitionReassignments)]
internal sealed class ListPartitionReassignments(MetadataState metadata) : IApi<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    /// <inheritdoc/>
    public ValueTask<ListPartitionReassignmentsResponse?> HandleAsync(
        ListPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(Reassignments.List(metadata.Image, request));
}
