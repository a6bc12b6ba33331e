using Samsa.Broker.Peers;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>The quorum as one of its voters sees it. How far the other voters are only consensus knows, which does not tell.</summary>
internal sealed class QuorumView(
    BrokerId self, string listener, IMetadataLog log, IMetadataReader reader, MetadataFollowing following, ControllerDirectory directory) : IQuorumView
{
    /// <inheritdoc/>
    public QuorumReading Read() => new(
        log.Leader,
        log.Epoch,
        reader.CommittedEnd,
        [.. directory.Voters.Keys.Order().Select(v => new QuorumReplica(v, Guid.Empty, v == self ? reader.CommittedEnd : Offset.None, -1, -1))],
        [
            .. following.Observers.Where(o => !directory.Voters.ContainsKey(o.Key)).OrderBy(o => o.Key)
                .Select(o => new QuorumReplica(o.Key, Guid.Empty, o.Value.End, o.Value.LastFetchMs, o.Value.LastCaughtUpMs)),
        ],
        [.. directory.Voters.OrderBy(v => v.Key).Select(v => new QuorumNode(v.Key, listener, v.Value.Host, v.Value.Port))]);
}
