using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>The committed part of the metadata log on a controller's disk, for those who follow it. Any thread.</summary>
public interface IMetadataReader
{
    /// <summary>The first offset that can be read; what was before it is in the latest snapshot.</summary>
    Offset LogStartOffset { get; }

    /// <summary>The offset after the last committed record.</summary>
    Offset CommittedEnd { get; }

    /// <summary>The latest snapshot; null where none was taken yet.</summary>
    MetadataSnapshotId? LatestSnapshot { get; }

    /// <summary>Whole batches in Kafka's format, the first one that which holds the offset; empty at the end, null before the start.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    ReadOnlyMemory<byte>? Read(Offset from, int maxBytes);

    /// <summary>A piece of a snapshot's file.</summary>
    /// <param name="id">The snapshot.</param>
    /// <param name="position">Where in the file it begins.</param>
    /// <param name="maxBytes">The most bytes wanted.</param>
    /// <param name="size">The size of the file.</param>
    /// <returns>Null where there is no such snapshot any more, or no such position in it.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    ReadOnlyMemory<byte>? ReadSnapshot(MetadataSnapshotId id, long position, int maxBytes, out long size);
}

/// <summary>A copy of the metadata log that follows a controller's; whoever fetches gives it what was fetched. One thread at a time.</summary>
public interface IMetadataCopy : IMetadataLog
{
    /// <summary>The epoch of its last record; -1 while it is empty.</summary>
    LeaderEpoch LastEpoch { get; }

    /// <summary>Appends committed batches as they were fetched, and applies them; a batch cut short at the end is left out.</summary>
    /// <exception cref="IOException">The batches are damaged or do not continue the copy, or the disk failed.</exception>
    void Append(ReadOnlyMemory<byte> batches);

    /// <summary>Begins again from a snapshot, and applies it.</summary>
    /// <exception cref="IOException">It is damaged, or the disk failed.</exception>
    void Install(MetadataSnapshotId id, ReadOnlyMemory<byte> file);

    /// <summary>Who is said to lead the log.</summary>
    void FollowLeader(BrokerId leader, LeaderEpoch epoch);

    /// <summary>The copy has all that was committed when it began to follow.</summary>
    void CaughtUp();
}
