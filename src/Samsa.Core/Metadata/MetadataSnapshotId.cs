using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>Which part of the metadata log a snapshot stands for (KIP-630).</summary>
/// <param name="End">The offset after the last record in it.</param>
/// <param name="Epoch">The epoch of that record.</param>
public readonly record struct MetadataSnapshotId(Offset End, LeaderEpoch Epoch);
