using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// FindCoordinator (KIP-699, KIP-932). This broker has no coordinators yet: every group and transactional id is
/// answered with COORDINATOR_NOT_AVAILABLE, which clients read as "try again later".
/// </summary>
[KafkaApi(ApiKey.FindCoordinator)]
internal sealed class FindCoordinator : IApi<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private const sbyte Transaction = 1;
    private const sbyte Share = 2;
    private const short FirstBatchedVersion = 4;
    private const short FirstShareVersion = 6;

    /// <inheritdoc/>
    public ValueTask<FindCoordinatorResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var highestType = context.ApiVersion >= FirstShareVersion ? Share : Transaction;
        var error = request.KeyType is < 0 || request.KeyType > highestType
            ? ErrorCode.InvalidRequest
            : ErrorCode.CoordinatorNotAvailable;
        if (context.ApiVersion < FirstBatchedVersion)
        {
            return new(new FindCoordinatorResponse
            {
                ErrorCode = error, ErrorMessage = error.Describe().Text, NodeId = BrokerId.None, Port = -1,
            });
        }

        return new(new FindCoordinatorResponse
        {
            Coordinators =
            [
                .. request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
                {
                    Key = key, ErrorCode = error, ErrorMessage = error.Describe().Text, NodeId = BrokerId.None, Port = -1,
                }),
            ],
        });
    }
}
