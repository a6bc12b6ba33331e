using System;
using System.Globalization;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>Versions from the first to the last, both included; an open range ("4+") ends at <see cref="Open"/>.</summary>
internal readonly record struct VersionRange(int First, int Last)
{
    /// <summary>The end of a range without an end.</summary>
    public const int Open = short.MaxValue;

    /// <summary>Every version there can be.</summary>
    public static VersionRange All => new(0, Open);

    public bool Contains(int version) => version >= First && version <= Last;

    public bool Contains(VersionRange other) => other.First >= First && other.Last <= Last;

    public bool Overlaps(VersionRange other) => First <= other.Last && other.First <= Last;

    public VersionRange Intersect(VersionRange other) => new(Math.Max(First, other.First), Math.Min(Last, other.Last));

    public VersionRange Hull(VersionRange other) => new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    /// <summary>Reads <c>A+</c>, <c>A-B</c> or <c>A</c>.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = default;
        if (text.EndsWith("+", StringComparison.Ordinal))
        {
            var open = TryParseVersion(text.Substring(0, text.Length - 1), out var from);
            range = new VersionRange(from, Open);
            return open;
        }

        var dash = text.IndexOf('-');
        if (dash < 0)
        {
            var single = TryParseVersion(text, out var only);
            range = new VersionRange(only, only);
            return single;
        }

        if (!TryParseVersion(text.Substring(0, dash), out var first)
            || !TryParseVersion(text.Substring(dash + 1), out var last)
            || last < first)
        {
            return false;
        }

        range = new VersionRange(first, last);
        return true;
    }

    /// <summary>
    /// The C# condition under which a version lies in this range, where all versions that can occur lie in
    /// <paramref name="possible"/>: null where it always holds, "false" where it never does.
    /// </summary>
    public string? ConditionWithin(VersionRange possible)
    {
        if (!Overlaps(possible))
        {
            return "false";
        }

        var fromStart = First <= possible.First;
        var toEnd = Last >= possible.Last;
        return (fromStart, toEnd) switch
        {
            (true, true) => null,
            (true, false) => $"version <= {Last}",
            (false, true) => $"version >= {First}",
            _ => First == Last ? $"version == {First}" : $"version is >= {First} and <= {Last}",
        };
    }

    public override string ToString() => Last == Open ? $"{First}+" : First == Last ? $"{First}" : $"{First}-{Last}";

    private static bool TryParseVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version < Open;
}
