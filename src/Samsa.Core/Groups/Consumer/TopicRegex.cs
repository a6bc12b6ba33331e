using System.Text;
using System.Text.RegularExpressions;
using Samsa.Core.Metadata;

namespace Samsa.Core.Groups.Consumer;

/// <summary>
/// Regular expressions that members subscribe to. Kafka's are RE2's: they match a whole name in time that is linear in its
/// length. So do those of .NET that never go back; what differs in writing is translated.
/// </summary>
internal static class TopicRegex
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, string> s_classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z", ["alpha"] = "A-Za-z", ["ascii"] = @"\x00-\x7F", ["blank"] = @"\t ", ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9", ["graph"] = "!-~", ["lower"] = "a-z", ["print"] = " -~", ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ", ["upper"] = "A-Z", ["word"] = "0-9A-Za-z_", ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>Reads an expression.</summary>
    /// <returns>Null where it is none; <paramref name="problem"/> says why.</returns>
    public static Regex? TryParse(string text, out string problem)
    {
        const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        problem = "";
        try
        {
            // By itself first: within the parentheses, "a)(b" would pass.
            var translated = Translate(text);
            _ = new Regex(translated, Options, s_timeout);
            return new Regex($@"\A(?:{translated})\z", Options, s_timeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>The topics an expression stands for now, in order; those of the brokers themselves are never among them.</summary>
    public static string[] Resolve(Regex regex, IGroupTopics topics) =>
        [.. topics.Names.Where(n => !TopicName.IsInternal(n) && regex.IsMatch(n)).Order(StringComparer.Ordinal)];

    private static string Translate(string text)
    {
        var result = new StringBuilder(text.Length);
        var inBrackets = false;
        for (var i = 0; i < text.Length; i++)
        {
            var rest = text.AsSpan(i);
            if (rest.StartsWith(@"\Q"))
            {
                var end = rest.IndexOf(@"\E", StringComparison.Ordinal);
                result.Append(Regex.Escape(rest[2..(end < 0 ? rest.Length : end)].ToString()));
                i = end < 0 ? text.Length : i + end + 1;
            }
            else if (rest[0] == '\\')
            {
                result.Append(rest[..Math.Min(2, rest.Length)]);
                i++;
            }
            else if (inBrackets && rest.StartsWith("[:") && rest.IndexOf(":]", StringComparison.Ordinal) is var end and > 0
                && s_classes.TryGetValue(rest[2..end].ToString(), out var ranges))
            {
                result.Append(ranges);
                i += end + 1;
            }
            else if (!inBrackets && rest.StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 3;
            }
            else
            {
                // A bracket that opens a class may be followed by one that is a member of it: "[]a]", "[^]a]".
                var opens = !inBrackets && rest[0] == '[';
                var length = !opens ? 1 : rest.StartsWith("[^]") ? 3 : rest.StartsWith("[]") ? 2 : 1;
                inBrackets = opens || (inBrackets && rest[0] != ']');
                result.Append(inBrackets && !opens && rest[0] == '[' ? @"\[" : rest[..length]);
                i += length - 1;
            }
        }

        return result.ToString();
    }
}
