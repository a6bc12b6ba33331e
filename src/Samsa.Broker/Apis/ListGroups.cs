using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>ListGroups (KIP-518, KIP-848): the groups this broker coordinates, by state and kind where the client wants that.</summary>
[KafkaApi(ApiKey.ListGroups)]
internal sealed class ListGroups(GroupCoordinator groups) : IApi<ListGroupsRequest, ListGroupsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<ListGroupsResponse?> HandleAsync(ListGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parts = await Task.WhenAll(groups.Hosts.Select(host => GroupCoordinator.SubmitAsync(host, request, context).AsTask()));
        var lists = parts.Cast<ListGroupsResponse>().ToArray();
        return new ListGroupsResponse
        {
            ErrorCode = lists.Select(l => l.ErrorCode).FirstOrDefault(e => e != ErrorCode.None),
            Groups = [.. lists.SelectMany(l => l.Groups)],
        };
    }
}
