using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>ElectLeaders (KIP-183, KIP-460): gives partitions their preferred leader back, or any leader at the cost of records.</summary>
[KafkaApi(ApiKey.ElectLeaders)]
internal sealed class ElectLeaders(MetadataController controller) : IApi<ElectLeadersRequest, ElectLeadersResponse>
{
    /// <inheritdoc/>
    public async ValueTask<ElectLeadersResponse?> HandleAsync(
        ElectLeadersRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await controller.SubmitAsync(t => LeaderElections.Decide(t.Image, request, t.Rules), cancellationToken);
        }
        catch (IOException)
        {
            return new ElectLeadersResponse { ErrorCode = ErrorCode.KafkaStorageError };
        }
    }
}
