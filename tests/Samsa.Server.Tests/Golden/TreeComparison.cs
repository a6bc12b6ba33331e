using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Samsa.Server.Tests.Golden;

/// <summary>
/// Compares a recorded answer with one of ours. Elements of arrays are matched by what names them, since the order of topics, partitions,
/// settings and the like has no meaning; what is volatile is skipped; of an error message only its absence counts.
/// </summary>
internal sealed class TreeComparison(GoldenCase golden)
{
    private static readonly string[] KeyProperties =
        ["ResourceType", "ResourceName", "Name", "Topic", "TopicName", "TopicId", "GroupId", "Key", "PartitionIndex", "Partition", "Index", "ApiKey", "NodeId", "BrokerId", "BatchIndex"];

    // The order of synonyms is the order of precedence; batches are in order of offset.
    private static readonly string[] OrderedArrays = ["Synonyms", "Records"];

    private readonly Regex[] _volatile = [.. golden.Volatile.Select(AsRegex)];
    private readonly List<Difference> _differences = [];

    public static IReadOnlyList<Difference> Compare(GoldenCase golden, JsonObject expected, JsonObject actual)
    {
        var comparison = new TreeComparison(golden);
        comparison.Compare("", expected, actual);
        return comparison._differences;
    }

    private static Regex AsRegex(string path) =>
        new("^" + Regex.Escape(path).Replace(@"\[\*]", @"\[[^]]*]", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1));

    private void Compare(string path, JsonNode? expected, JsonNode? actual)
    {
        if (_volatile.Any(v => v.IsMatch(path)))
        {
            return;
        }

        switch (expected, actual)
        {
            case (JsonObject one, JsonObject other):
                foreach ((string name, JsonNode? value) in one)
                {
                    Compare(path.Length == 0 ? name : $"{path}.{name}", value, other[name]);
                }

                break;
            case (JsonArray one, JsonArray other):
                CompareArrays(path, one, other);
                break;
            default:
                CompareValues(path, Show(expected), Show(actual));
                break;
        }
    }

    private void CompareValues(string path, string expected, string actual)
    {
        bool isMessage = path.EndsWith("ErrorMessage", StringComparison.Ordinal);
        if (isMessage ? expected != "null" && actual == "null" : expected != actual)
        {
            _differences.Add(new Difference(golden.Name, path, expected, actual));
        }
    }

    private void CompareArrays(string path, JsonArray expected, JsonArray actual)
    {
        string[] expectedKeys = Keys(path, expected);
        string[] actualKeys = Keys(path, actual);
        bool hasLength = !_volatile.Any(v => v.IsMatch($"{path}.length"));
        foreach ((int i, string key) in expectedKeys.Index())
        {
            int at = Array.IndexOf(actualKeys, key);
            if (at < 0 && hasLength)
            {
                _differences.Add(new Difference(golden.Name, $"{path}[{key}]", Show(expected[i]), "missing"));
            }
            else if (at >= 0)
            {
                Compare($"{path}[{key}]", expected[i], actual[at]);
            }
        }

        foreach ((int i, string key) in actualKeys.Index())
        {
            if (hasLength && !expectedKeys.Contains(key, StringComparer.Ordinal))
            {
                _differences.Add(new Difference(golden.Name, $"{path}[{key}]", "missing", Show(actual[i])));
            }
        }
    }

    private static string[] Keys(string path, JsonArray array)
    {
        string[] byIndex = [.. Enumerable.Range(0, array.Count).Select(i => $"{i}")];
        if (Array.Exists(OrderedArrays, name => path.EndsWith(name, StringComparison.Ordinal)) || !array.All(item => item is JsonObject))
        {
            return byIndex;
        }

        string[] byName = [.. array.Select(item => KeyOf(item!))];
        bool areNames = byName.All(key => key.Length > 0) && byName.Distinct(StringComparer.Ordinal).Count() == byName.Length;
        return areNames ? byName : byIndex;
    }

    /// <summary>What names an element: its type and name where it has them, or else its number or id.</summary>
    private static string KeyOf(JsonNode item)
    {
        string[] values = [.. KeyProperties.Select(property => item[property]?.ToString() ?? "").Where(value => value.Length > 0 && value != Guid.Empty.ToString())];
        return string.Join(' ', values.Take(item["ResourceType"] is null ? 1 : 2));
    }

    private static string Show(JsonNode? node)
    {
        string text = node?.ToJsonString() ?? "null";
        return text.Length <= 160 ? text : $"{text[..160]}... ({text.Length})";
    }
}
