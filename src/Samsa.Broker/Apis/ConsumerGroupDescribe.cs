using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>ConsumerGroupDescribe (KIP-848, KIP-1099): groups of the new protocol, with what their members have and shall have.</summary>
[KafkaApi(ApiKey.ConsumerGroupDescribe)]
internal sealed class ConsumerGroupDescribe(GroupCoordinator groups) : IApi<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
{
    /// <inheritdoc/>
    public async ValueTask<ConsumerGroupDescribeResponse?> HandleAsync(
        ConsumerGroupDescribeRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var parts = await groups.SubmitAllAsync<ConsumerGroupDescribeResponse>(
            request.GroupIds.Distinct(StringComparer.Ordinal), some => new ConsumerGroupDescribeRequest { GroupIds = [.. some] }, context);
        var described = parts.SelectMany(p => p.Groups).ToLookup(g => g.GroupId, StringComparer.Ordinal);
        ConsumerGroupDescribeResponse.DescribedGroup[] answers = [.. request.GroupIds.Select(id => described[id].First())];
        foreach (var group in answers.Where(g => request.IncludeAuthorizedOperations && g.ErrorCode == ErrorCode.None))
        {
            group.AuthorizedOperations = AuthorizedOperations.Group;
        }

        return new ConsumerGroupDescribeResponse { Groups = answers };
    }
}
