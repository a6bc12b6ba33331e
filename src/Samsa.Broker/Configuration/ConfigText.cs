using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Samsa.Broker.Configuration;

/// <summary>Values as text, read and written as Kafka does.</summary>
internal static class ConfigText
{
    /// <summary>The config type a C# type stands for.</summary>
    public static ConfigType TypeOf(Type type) =>
        type == typeof(bool) ? ConfigType.Boolean
        : type == typeof(int) || type == typeof(int?) ? ConfigType.Int
        : type == typeof(long) || type == typeof(long?) ? ConfigType.Long
        : type == typeof(short) ? ConfigType.Short
        : type == typeof(double) ? ConfigType.Double
        : type == typeof(string) ? ConfigType.String
        : type == typeof(IReadOnlyList<string>) ? ConfigType.List
        : throw new ArgumentException($"no config type for {type}", nameof(type));

    /// <summary>Reads a value; blanks around it don't count.</summary>
    public static bool TryParse(ConfigType type, string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        var trimmed = text.Trim();
        value = type switch
        {
            ConfigType.Boolean => bool.TryParse(trimmed, out var b) ? b : null,
            ConfigType.Int => int.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null,
            ConfigType.Long => long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null,
            ConfigType.Short => short.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var s) ? s : null,
            ConfigType.Double => double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : null,
            ConfigType.List => ParseList(trimmed),
            _ => trimmed,
        };
        problem = value is not null ? null
            : type == ConfigType.Boolean ? "Expected value to be either true or false"
            : $"Not a number of type {NameOf(type)}";
        return value is not null;
    }

    /// <summary>Writes a value as DescribeConfigs shows it.</summary>
    public static string? Format(object? value) => value switch
    {
        null => null,
        bool b => b ? "true" : "false",
        double d => FormatDouble(d),
        IReadOnlyList<string> list => string.Join(',', list),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Kafka's name of a type.</summary>
    public static string NameOf(ConfigType type) => type switch
    {
        ConfigType.Boolean => "BOOLEAN",
        ConfigType.String => "STRING",
        ConfigType.Int => "INT",
        ConfigType.Short => "SHORT",
        ConfigType.Long => "LONG",
        ConfigType.Double => "DOUBLE",
        ConfigType.List => "LIST",
        ConfigType.Class => "CLASS",
        ConfigType.Password => "PASSWORD",
        _ => "UNKNOWN",
    };

    private static string[] ParseList(string text) =>
        text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    // Java's form: 1.0 and 1.7976931348623157E308 where .NET writes 1 and 1.7976931348623157E+308.
    private static string FormatDouble(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "E", StringComparison.Ordinal);
        return text.AsSpan().ContainsAny('.', 'E') || !double.IsFinite(value) ? text : text + ".0";
    }
}
