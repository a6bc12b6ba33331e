using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>DescribeGroups (KIP-430, KIP-1043): the state and the members of classic groups.</summary>
[KafkaApi(ApiKey.DescribeGroups)]
internal sealed class DescribeGroups(GroupCoordinator groups) : IApi<DescribeGroupsRequest, DescribeGroupsResponse>
{
    /// <inheritdoc/>
    public async ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parts = await groups.SubmitAllAsync<DescribeGroupsResponse>(
            request.Groups, some => new DescribeGroupsRequest { Groups = [.. some] }, context);
        var described = parts.SelectMany(p => p.Groups).ToLookup(g => g.GroupId, StringComparer.Ordinal);
        DescribeGroupsResponse.DescribedGroup[] answers = [.. request.Groups.Select(id => described[id].First())];
        if (request.IncludeAuthorizedOperations)
        {
            foreach (var group in answers)
            {
                group.AuthorizedOperations = AuthorizedOperations.Group;
            }
        }

        return new DescribeGroupsResponse { Groups = answers };
    }
}
