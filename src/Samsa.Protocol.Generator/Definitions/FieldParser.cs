using System;
using System.Globalization;
using System.Linq;

namespace Samsa.Protocol.Generator.Definitions;

/// <summary>
/// Reads one field: <c>[tag N] NAME TYPE [as STRONG] [VERSIONS] [default V] [ignorable] [noflex]</c>.
/// </summary>
internal static class FieldParser
{
    public static FieldDefinition? Parse(string[] words, string comment, SourceLine at, Problems problems)
    {
        var next = 0;
        if (!TryParseTag(words, ref next, out var tag))
        {
            problems.Add(Problems.Tag, at, "Expected 'tag NUMBER NAME TYPE'");
            return null;
        }

        if (words.Length < next + 2)
        {
            problems.Add(Problems.Syntax, at, "A field needs a name and a type");
            return null;
        }

        var name = words[next++];
        if (!IsPascalCase(name))
        {
            problems.Add(Problems.Syntax, at, $"The name '{name}' must be letters and digits and begin with a capital");
            return null;
        }

        if (ParseType(words, ref next, at, problems) is not { } type)
        {
            return null;
        }

        VersionRange? versions = null;
        if (next < words.Length && words[next][0] is >= '0' and <= '9')
        {
            if (!VersionRange.TryParse(words[next], out var range))
            {
                problems.Add(Problems.Versions, at, $"'{words[next]}' is no range of versions such as '3+', '0-2' or '4'");
                return null;
            }

            versions = range;
            next++;
        }

        if (ParseModifiers(words, next, at, problems) is not { } modifiers)
        {
            return null;
        }

        return new FieldDefinition
        {
            Name = name,
            Type = type,
            Line = at,
            Comment = comment,
            Tag = tag,
            WrittenVersions = versions,
            Default = modifiers.Default,
            Ignorable = modifiers.Ignorable,
            NeverCompact = modifiers.NeverCompact,
        };
    }

    /// <summary>Whether a name can stand as a C# type or property in this house.</summary>
    public static bool IsPascalCase(string name) =>
        name[0] is >= 'A' and <= 'Z' && name.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9'));

    /// <summary>Gives -1 where the field has no tag.</summary>
    private static bool TryParseTag(string[] words, ref int next, out int tag)
    {
        tag = -1;
        if (words[0] != "tag")
        {
            return true;
        }

        next = 2;
        return words.Length > 1 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out tag);
    }

    private static (string? Default, bool Ignorable, bool NeverCompact)? ParseModifiers(string[] words, int next, SourceLine at, Problems problems)
    {
        string? defaultValue = null;
        bool ignorable = false, neverCompact = false;
        for (; next < words.Length; next++)
        {
            switch (words[next])
            {
                case "ignorable":
                    ignorable = true;
                    break;
                case "noflex":
                    neverCompact = true;
                    break;
                case "default" when next + 1 < words.Length:
                    defaultValue = words[++next];
                    break;
                default:
                    problems.Add(Problems.Syntax, at, $"'{words[next]}' is neither versions, 'default VALUE', 'ignorable' nor 'noflex'");
                    return null;
            }
        }

        return (defaultValue, ignorable, neverCompact);
    }

    private static FieldType? ParseType(string[] words, ref int next, SourceLine at, Problems problems)
    {
        var text = words[next++];
        var isArray = text.StartsWith("[]", StringComparison.Ordinal);
        var word = isArray ? text.Substring(2) : text;
        VersionRange? nullable = null;
        var mark = word.IndexOf('?');
        if (mark >= 0)
        {
            var range = VersionRange.All;
            if (mark + 1 < word.Length && !VersionRange.TryParse(word.Substring(mark + 1), out range))
            {
                problems.Add(Problems.Versions, at, $"'{word.Substring(mark + 1)}' is no range of versions in which '{text}' may be null");
                return null;
            }

            nullable = range;
            word = word.Substring(0, mark);
        }

        if (word.Length == 0)
        {
            problems.Add(Problems.UnknownType, at, text);
            return null;
        }

        var kind = FieldType.KindOf(word);
        if (kind == WireKind.Struct && !IsPascalCase(word))
        {
            problems.Add(Problems.UnknownType, at, word);
            return null;
        }

        StrongType? strong = null;
        if (next < words.Length && words[next] == "as")
        {
            var strongName = next + 1 < words.Length ? words[next + 1] : "";
            strong = StrongType.All.FirstOrDefault(t => t.Name == strongName);
            next += 2;
            if (strong is null || strong.Kind != kind)
            {
                var reason = strong is null
                    ? $"'{strongName}' is no strong type; there are {string.Join(", ", StrongType.All.Select(t => t.Name))}"
                    : $"'{strongName}' stands for {strong.Kind.ToString().ToLowerInvariant()}, not for {word}";
                problems.Add(Problems.StrongType, at, reason);
                return null;
            }
        }

        return new FieldType(kind, kind == WireKind.Struct ? word : null, isArray, nullable, strong);
    }
}
