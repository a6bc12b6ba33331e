using System.Globalization;

namespace Samsa.Broker.Configuration;

/// <summary>The checks a key's declaration asks for, with Kafka's messages.</summary>
internal static class ConfigRules
{
    /// <summary>What is wrong with a parsed value, or null.</summary>
    public static string? FindProblem(ConfigKey key, object value) => value switch
    {
        int or long or short => FindRangeProblem(key, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double d => FindRangeProblem(key, d),
        IReadOnlyList<string> list => FindListProblem(key, list),
        string text => FindTextProblem(key, text),
        _ => null,
    } ?? key.Check?.Invoke(value);

    /// <summary>What a key allows, for messages and the reference page; empty where anything goes.</summary>
    public static string Describe(ConfigKey key)
    {
        var allowed = key switch
        {
            { Min: { } min, Max: { } max, AlsoAllowed: { } also } => $"{min} to {max}, or {also}",
            { Min: { } min, Max: { } max } => $"{min} to {max}",
            { Min: { } min } => $"at least {min}",
            { Max: { } max } => $"at most {max}",
            { Allowed.Count: > 0, Type: ConfigType.List } => $"any of {string.Join(", ", key.Allowed)}",
            { Allowed.Count: > 0 } => $"one of {string.Join(", ", key.Allowed)}",
            { Type: ConfigType.Boolean } => "true or false",
            { NonEmpty: true } => "not empty",
            _ => "",
        };
        return key.CheckDoc is null ? allowed : allowed.Length == 0 ? key.CheckDoc : $"{allowed}; {key.CheckDoc}";
    }

    private static string? FindRangeProblem(ConfigKey key, double value)
    {
        if (value == key.AlsoAllowed)
        {
            return null;
        }

        if (key.AlsoAllowed is { } also && (value < key.Min || value > key.Max))
        {
            return $"Value must be between {key.Min} and {key.Max} or equal to {also}";
        }

        return value < key.Min ? $"Value must be at least {key.Min}"
            : value > key.Max ? $"Value must be no more than {key.Max}"
            : double.IsNaN(value) ? "Not a number of type DOUBLE"
            : null;
    }

    private static string? FindTextProblem(ConfigKey key, string text)
    {
        if (key.NonEmpty && text.Length == 0)
        {
            return "String must be non-empty";
        }

        var comparison = key.IgnoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        return key.Allowed.Count == 0 || key.Allowed.Contains(text, comparison) ? null
            : $"String must be one of{(key.IgnoreCase ? " (case insensitive)" : "")}: {string.Join(", ", key.Allowed)}";
    }

    private static string? FindListProblem(ConfigKey key, IReadOnlyList<string> list)
    {
        if (key.NonEmpty && list.Count == 0)
        {
            return "Values must not be empty";
        }

        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Length == 0)
            {
                return "Values must not be empty";
            }

            if (FindTextProblem(key, list[i]) is { } problem)
            {
                return problem;
            }

            for (var j = 0; j < i; j++)
            {
                if (list[i] == list[j])
                {
                    return $"Values must not be duplicated, but {list[i]} is";
                }
            }
        }

        return null;
    }
}
