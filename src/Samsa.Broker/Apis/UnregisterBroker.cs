using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>UnregisterBroker (KIP-631): forgets a broker that will not come back.</summary>
[KafkaApi(ApiKey.UnregisterBroker)]
internal sealed class UnregisterBroker(MetadataController controller) : IApi<UnregisterBrokerRequest, UnregisterBrokerResponse>
{
    /// <inheritdoc/>
    public async ValueTask<UnregisterBrokerResponse?> HandleAsync(
        UnregisterBrokerRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await controller.SubmitAsync(t => BrokerRegistrations.Unregister(t.Image, t.Sessions, request.BrokerId, t.Rules), cancellationToken);
        }
        catch (IOException e)
        {
            return new UnregisterBrokerResponse { ErrorCode = ErrorCode.KafkaStorageError, ErrorMessage = e.Message };
        }
    }
}
