using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>AlterPartitionReassignments (KIP-455, KIP-860): moves partitions to other brokers, and stops such moves.</summary>
[KafkaApi(ApiKey.AlterPartitionReassignments)]
internal sealed class AlterPartitionReassignments(MetadataController controller) : IApi<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(
        AlterPartitionReassignmentsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await controller.SubmitAsync(t => Reassignments.Decide(t.Image, request, t.Rules), cancellationToken);
        }
        catch (IOException e)
        {
            return new AlterPartitionReassignmentsResponse { ErrorCode = ErrorCode.KafkaStorageError, ErrorMessage = e.Message };
        }
    }
}
