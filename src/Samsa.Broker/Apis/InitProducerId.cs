using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// InitProducerId (KIP-98, KIP-360) for idempotent producers: each gets a fresh producer id with epoch 0. A
/// transactional id is refused with TRANSACTIONAL_ID_AUTHORIZATION_FAILED while there is no transaction coordinator: the
/// one error that no client tries again after.
/// </summary>
[KafkaApi(ApiKey.InitProducerId)]
internal sealed class InitProducerId(ProducerIds ids) : IApi<InitProducerIdRequest, InitProducerIdResponse>
{
    /// <inheritdoc/>
    public async ValueTask<InitProducerIdResponse?> HandleAsync(InitProducerIdRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (Refuse(request) is { } error)
        {
            return new InitProducerIdResponse { ErrorCode = error, ProducerId = ProducerId.None, ProducerEpoch = -1 };
        }

        try
        {
            return new InitProducerIdResponse { ProducerId = await ids.NextAsync(cancellationToken), ProducerEpoch = 0 };
        }
        catch (IOException)
        {
            return new InitProducerIdResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable, ProducerId = ProducerId.None, ProducerEpoch = -1 };
        }
    }

    private static ErrorCode? Refuse(InitProducerIdRequest request) => request.TransactionalId switch
    {
        null => null,
        "" => ErrorCode.InvalidRequest,
        _ when request.ProducerId.IsKnown != request.ProducerEpoch >= 0 => ErrorCode.InvalidRequest,
        _ when request.TransactionTimeoutMs <= 0 => ErrorCode.InvalidTransactionTimeout,
        _ => ErrorCode.TransactionalIdAuthorizationFailed,
    };
}
