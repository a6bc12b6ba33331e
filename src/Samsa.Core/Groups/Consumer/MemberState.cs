namespace Samsa.Core.Groups.Consumer;

/// <summary>How far a member is on its way to its target; the numbers are those of the record.</summary>
internal enum MemberState : sbyte
{
    /// <summary>It has what the target assignment of its epoch gives it.</summary>
    Stable = 0,

    /// <summary>It was told to give partitions up and has not confirmed that; it stays in its epoch until then.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for partitions that other members have not given up.</summary>
    UnreleasedPartitions = 2,
}
