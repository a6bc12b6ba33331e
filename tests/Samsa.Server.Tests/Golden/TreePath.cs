using System.Text.Json.Nodes;

namespace Samsa.Server.Tests.Golden;

/// <summary>Paths such as <c>Topics[0].TopicId</c> into trees and messages.</summary>
internal static class TreePath
{
    public static IReadOnlyList<object> Steps(string path)
    {
        var steps = new List<object>();
        foreach (string part in path.Split('.'))
        {
            int bracket = part.IndexOf('[', StringComparison.Ordinal);
            steps.Add(bracket < 0 ? part : part[..bracket]);
            if (bracket >= 0)
            {
                steps.Add(int.Parse(part[(bracket + 1)..^1], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return steps;
    }

    /// <summary>The node there; null where the tree does not reach that far.</summary>
    public static JsonNode? Find(JsonNode? tree, string path)
    {
        foreach (object step in Steps(path))
        {
            tree = (tree, step) switch
            {
                (JsonObject node, string name) => node[name],
                (JsonArray array, int index) => index < array.Count ? array[index] : null,
                _ => null,
            };
        }

        return tree;
    }
}
