using Samsa.Model;

namespace Samsa.Broker.Configuration;

/// <summary>Whether a value may be set.</summary>
/// <param name="Error">None where it may.</param>
/// <param name="Message">Why it may not, in Kafka's words.</param>
public readonly record struct ConfigVerdict(ErrorCode Error, string? Message)
{
    /// <summary>The value may be set.</summary>
    public static ConfigVerdict Valid => default;

    /// <summary>Whether the value may be set.</summary>
    public bool IsValid => Error == ErrorCode.None;

    /// <summary>The value may not be set.</summary>
    internal static ConfigVerdict Refused(string message) => new(ErrorCode.InvalidConfig, message);

    /// <summary>Checks a value against its key.</summary>
    internal static ConfigVerdict Of(ConfigKey? key, string name, string? value, string kind)
    {
        if (key is null)
        {
            return Refused($"Unknown {kind} config name: {name}");
        }

        if (value is null)
        {
            return Refused($"Null value not supported for {kind} configs: {name}");
        }

        return key.TryParse(value, out _, out var problem)
            ? Valid
            : Refused($"Invalid value {Subject(key, value)} for configuration {name}: {problem}");
    }

    // Of a list Kafka names the element it refuses.
    private static string Subject(ConfigKey key, string value) =>
        key.Type == ConfigType.List && key.Allowed.Count > 0
            ? value.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(e => !key.Allowed.Contains(e, StringComparer.Ordinal)) ?? value
            : value;
}
