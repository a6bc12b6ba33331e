namespace Samsa.Model;

/// <summary>Counts the leaders a partition has had (KIP-101); records carry the epoch of the leader that took them.</summary>
/// <param name="Value">Zero or more; -1 where the epoch is unknown.</param>
public readonly record struct LeaderEpoch(int Value) : IComparable<LeaderEpoch>
{
    /// <summary>"Unknown epoch": -1 on the wire.</summary>
    public static LeaderEpoch None => new(-1);

    /// <summary>Whether an epoch is given at all.</summary>
    public bool IsKnown => Value >= 0;

    /// <summary>Whether the left epoch is older.</summary>
    public static bool operator <(LeaderEpoch left, LeaderEpoch right) => left.Value < right.Value;

    /// <summary>Whether the left epoch is newer.</summary>
    public static bool operator >(LeaderEpoch left, LeaderEpoch right) => left.Value > right.Value;

    /// <summary>Whether the left epoch is not newer.</summary>
    public static bool operator <=(LeaderEpoch left, LeaderEpoch right) => left.Value <= right.Value;

    /// <summary>Whether the left epoch is not older.</summary>
    public static bool operator >=(LeaderEpoch left, LeaderEpoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(LeaderEpoch other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
