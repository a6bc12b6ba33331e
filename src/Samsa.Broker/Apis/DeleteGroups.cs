using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>DeleteGroups (KIP-229): groups without members go, with everything they committed.</summary>
[KafkaApi(ApiKey.DeleteGroups)]
internal sealed class DeleteGroups(GroupCoordinator groups) : IApi<DeleteGroupsRequest, DeleteGroupsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<DeleteGroupsResponse?> HandleAsync(DeleteGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parts = await groups.SubmitAllAsync<DeleteGroupsResponse>(
            request.GroupsNames.Distinct(StringComparer.Ordinal), some => new DeleteGroupsRequest { GroupsNames = [.. some] }, context);
        return new DeleteGroupsResponse { Results = [.. parts.SelectMany(p => p.Results)] };
    }
}
