namespace Samsa.Model;

/// <summary>The position of a record in a partition: dense, ascending, given by the leader.</summary>
/// <param name="Value">Zero or more for a position; negative values are the protocol's sentinels.</param>
public readonly record struct Offset(long Value) : IComparable<Offset>
{
    /// <summary>The first position of a partition that never lost its beginning.</summary>
    public static Offset Zero => default;

    /// <summary>"No offset": -1 on the wire.</summary>
    public static Offset None => new(-1);

    /// <summary>Whether this names a position, rather than a sentinel.</summary>
    public bool IsPosition => Value >= 0;

    /// <summary>The position that many records later.</summary>
    public static Offset operator +(Offset left, long records) => new(left.Value + records);

    /// <summary>The position that many records earlier.</summary>
    public static Offset operator -(Offset left, long records) => new(left.Value - records);

    /// <summary>How many records lie between two positions.</summary>
    public static long operator -(Offset left, Offset right) => left.Value - right.Value;

    /// <summary>Whether the left position comes first.</summary>
    public static bool operator <(Offset left, Offset right) => left.Value < right.Value;

    /// <summary>Whether the left position comes last.</summary>
    public static bool operator >(Offset left, Offset right) => left.Value > right.Value;

    /// <summary>Whether the left position does not come last.</summary>
    public static bool operator <=(Offset left, Offset right) => left.Value <= right.Value;

    /// <summary>Whether the left position does not come first.</summary>
    public static bool operator >=(Offset left, Offset right) => left.Value >= right.Value;

    /// <summary>The smaller of two positions.</summary>
    public static Offset Min(Offset left, Offset right) => left <= right ? left : right;

    /// <summary>The larger of two positions.</summary>
    public static Offset Max(Offset left, Offset right) => left >= right ? left : right;

    /// <inheritdoc/>
    public int CompareTo(Offset other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
