using Samsa.Broker.Coordinators;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// OffsetFetch (KIP-88, KIP-447, KIP-709): the positions of groups. The answer waits until everything committed before it
/// is safe, so it never shows a position that a failure could take back.
/// </summary>
[KafkaApi(ApiKey.OffsetFetch)]
internal sealed class OffsetFetch(GroupCoordinator groups) : IApi<OffsetFetchRequest, OffsetFetchResponse>
{
    private const short VersionOfZooKeeper = 0;
    private const short FirstVersionWithGroups = 8;

    /// <inheritdoc/>
    public async ValueTask<OffsetFetchResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (context.ApiVersion == VersionOfZooKeeper)
        {
            return (OffsetFetchResponse)GroupFailures.Answer(request, context.ApiVersion, ErrorCode.UnsupportedVersion);
        }

        if (context.ApiVersion < FirstVersionWithGroups)
        {
            return await groups.SubmitAsync<OffsetFetchResponse>(request.GroupId, request, context);
        }

        var wanted = request.Groups.ToLookup(g => g.GroupId, StringComparer.Ordinal);
        var parts = await groups.SubmitAllAsync<OffsetFetchResponse>(
            wanted.Select(g => g.Key),
            some => new OffsetFetchRequest { Groups = [.. some.SelectMany(id => wanted[id])], RequireStable = request.RequireStable },
            context);
        return new OffsetFetchResponse { Groups = [.. parts.SelectMany(p => p.Groups)] };
    }
}
