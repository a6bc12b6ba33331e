using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>What the active controller knows of the quorum and of those who follow it.</summary>
public interface IQuorumView
{
    /// <summary>How it is now.</summary>
    QuorumReading Read();
}

/// <summary>The state of the quorum.</summary>
/// <param name="Leader">The active controller.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="HighWatermark">The offset up to which the metadata log is committed.</param>
/// <param name="Voters">The controllers.</param>
/// <param name="Observers">The nodes that follow them.</param>
/// <param name="Nodes">Where the controllers listen.</param>
public sealed record QuorumReading(
    BrokerId Leader,
    LeaderEpoch Epoch,
    Offset HighWatermark,
    IReadOnlyList<QuorumReplica> Voters,
    IReadOnlyList<QuorumReplica> Observers,
    IReadOnlyList<QuorumNode> Nodes);

/// <summary>A node that has a copy of the metadata log.</summary>
/// <param name="Id">The node.</param>
/// <param name="DirectoryId">The directory its copy lies in; empty where unknown.</param>
/// <param name="LogEndOffset">How far the copy goes; -1 where unknown.</param>
/// <param name="LastFetchMs">When it last asked for more, ms since the epoch; -1 where unknown.</param>
/// <param name="LastCaughtUpMs">When it last had everything, ms since the epoch; -1 where unknown.</param>
public sealed record QuorumReplica(BrokerId Id, Guid DirectoryId, Offset LogEndOffset, long LastFetchMs, long LastCaughtUpMs);

/// <summary>Where a controller listens.</summary>
/// <param name="Id">The node.</param>
/// <param name="Listener">The listener's name.</param>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">A port.</param>
public sealed record QuorumNode(BrokerId Id, string Listener, string Host, int Port);

/// <summary>A quorum of one: what is appended is committed.</summary>
internal sealed class SingleVoter(BrokerId self, IMetadataLog log) : IQuorumView
{
    /// <inheritdoc/>
    public QuorumReading Read() =>
        new(self, log.Epoch, log.EndOffset, [new QuorumReplica(self, Guid.Empty, log.EndOffset, -1, -1)], [], []);
}
