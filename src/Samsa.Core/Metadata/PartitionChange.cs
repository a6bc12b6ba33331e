using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>Sentinels of a <c>PartitionChangeRecord</c>.</summary>
internal static class PartitionChange
{
    /// <summary>"The leader stays": -2. Any other value, also the same leader again, begins a new leader epoch.</summary>
    public static BrokerId SameLeader => new(-2);
}
