using Samsa.Model;

namespace Samsa.Core.Groups.Offsets;

/// <summary>A committed position.</summary>
/// <param name="Position">The next offset to read.</param>
/// <param name="LeaderEpoch">The epoch of the record before it, or none.</param>
/// <param name="Metadata">What the client wants to remember with it.</param>
/// <param name="CommitTimestampMs">When it was committed.</param>
/// <param name="ExpireTimestampMs">When it expires, for clients that said so (versions 2 to 4); -1 where the broker's setting rules.</param>
internal sealed record CommittedOffset(Offset Position, LeaderEpoch LeaderEpoch, string Metadata, long CommitTimestampMs, long ExpireTimestampMs);
