using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// The cluster's metadata as a replicated log: whoever leads it appends, everybody applies. One voter may keep it in a
/// plain durable file; a quorum keeps it in Raft; the simulator keeps it in memory. Nothing above sees a difference.
/// </summary>
public interface IMetadataLog : IAsyncDisposable
{
    /// <summary>Whether this node may append now: it leads, and has applied all that was committed before it did.</summary>
    bool IsLeader { get; }

    /// <summary>Who leads as far as this node knows; <see cref="BrokerId.None"/> while nobody does.</summary>
    BrokerId Leader { get; }

    /// <summary>The epoch of the log's present leader.</summary>
    LeaderEpoch Epoch { get; }

    /// <summary>Where the next record will stand.</summary>
    Offset EndOffset { get; }

    /// <summary>
    /// Appends records as one atomic change: after a crash either all of them are there or none. Completes when they
    /// are committed (durable on a majority) and have been applied by this node's <see cref="IMetadataListener"/>.
    /// </summary>
    /// <returns>The offset of the last of the records.</returns>
    /// <exception cref="NotControllerException">This node does not lead, or stopped to before the change was committed; then it may yet be.</exception>
    /// <exception cref="IOException">The disk failed or is full; <see cref="IsLeader"/> tells whether the node may go on.</exception>
    ValueTask<Offset> AppendAsync(IReadOnlyList<IMetadataRecord> records, CancellationToken cancellationToken);

    /// <summary>
    /// Completes when everything that was committed by anybody before the call has been applied here. What has been on disk before is
    /// always applied first, so a node that asks for this at its start never acts on less.
    /// </summary>
    ValueTask CatchUpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>Sees every committed change in order, from one thread at a time.</summary>
public interface IMetadataListener
{
    /// <summary>Forgets everything and begins again from a snapshot's records.</summary>
    /// <param name="end">Where the log goes on after the snapshot.</param>
    /// <param name="records">The snapshot's records in order.</param>
    void Load(Offset end, IEnumerable<IMetadataRecord> records);

    /// <summary>Applies one committed change.</summary>
    /// <param name="last">The offset of the last of the records.</param>
    /// <param name="records">The change's records in order.</param>
    void Apply(Offset last, IReadOnlyList<IMetadataRecord> records);

    /// <summary>The state as records, for a snapshot; called between two <see cref="Apply"/>s.</summary>
    IEnumerable<IMetadataRecord> Snapshot();
}
