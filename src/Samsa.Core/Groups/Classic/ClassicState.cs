namespace Samsa.Core.Groups.Classic;

/// <summary>Where a classic group is in its rebalances; the names are those clients see.</summary>
internal enum ClassicState
{
    /// <summary>No members; perhaps offsets.</summary>
    Empty,

    /// <summary>Waits for its members to join again.</summary>
    PreparingRebalance,

    /// <summary>Everybody joined; waits for the leader's assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment.</summary>
    Stable,
}
