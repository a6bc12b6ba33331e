using System.Globalization;
using System.Text;

namespace Samsa.Broker.Configuration;

/// <summary>Reads Java's <c>.properties</c> syntax: comments, escapes, continued lines, <c>=</c>, <c>:</c> or blanks between name and value.</summary>
internal static class PropertiesFile
{
    /// <summary>One entry.</summary>
    /// <param name="Name">Name, unescaped.</param>
    /// <param name="Value">Value, unescaped; blanks at its end belong to it, as in Java.</param>
    /// <param name="Line">Number of its first line, from 1.</param>
    public readonly record struct Entry(string Name, string Value, int Line);

    /// <summary>Reads every entry, in order; a name may occur more than once.</summary>
    public static List<Entry> Parse(string text)
    {
        var entries = new List<Entry>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart(' ', '\t', '\f');
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }

            var first = i + 1;
            var logical = new StringBuilder();
            while (EndsInContinuation(line))
            {
                logical.Append(line, 0, line.Length - 1);
                i++;
                line = i < lines.Length ? lines[i].TrimStart(' ', '\t', '\f') : "";
            }

            logical.Append(line);
            entries.Add(Split(logical.ToString(), first));
        }

        return entries;
    }

    // A line goes on where it ends in an odd number of backslashes.
    private static bool EndsInContinuation(string line)
    {
        var backslashes = 0;
        while (backslashes < line.Length && line[^(backslashes + 1)] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private static Entry Split(string line, int number)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        var start = SkipBlanks(line, end);
        if (start < line.Length && line[start] is '=' or ':')
        {
            start = SkipBlanks(line, start + 1);
        }

        return new Entry(Unescape(line.AsSpan(0, end)), Unescape(line.AsSpan(start)), number);
    }

    private static int SkipBlanks(string line, int from)
    {
        while (from < line.Length && line[from] is ' ' or '\t' or '\f')
        {
            from++;
        }

        return from;
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text.ToString();
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            var escaped = text[++i];
            if (escaped == 'u' && i + 4 < text.Length
                && ushort.TryParse(text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                result.Append((char)unit);
                i += 4;
                continue;
            }

            result.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', _ => escaped });
        }

        return result.ToString();
    }
}
