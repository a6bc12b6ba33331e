namespace Samsa.Broker.Configuration;

/// <summary>One setting as DescribeConfigs and CreateTopics show it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">The effective value; null where there is none or it is a secret.</param>
/// <param name="Source">Where the effective value came from.</param>
/// <param name="IsReadOnly">Whether it can't change at run time.</param>
/// <param name="IsSensitive">Whether its value is a secret.</param>
/// <param name="Type">Its type.</param>
/// <param name="Synonyms">Every value that was in the running, strongest first.</param>
/// <param name="Doc">What it does; null where nobody knows.</param>
public sealed record ConfigEntry(
    string Name,
    string? Value,
    ConfigSource Source,
    bool IsReadOnly,
    bool IsSensitive,
    ConfigType Type,
    IReadOnlyList<ConfigSynonym> Synonyms,
    string? Doc)
{
    /// <summary>Whether nobody set it (DescribeConfigs v0).</summary>
    public bool IsDefault => Source == ConfigSource.Default;
}

/// <summary>A value that was in the running.</summary>
/// <param name="Name">The setting it was given under.</param>
/// <param name="Value">The value; null where it is a secret.</param>
/// <param name="Source">Where it was given.</param>
public readonly record struct ConfigSynonym(string Name, string? Value, ConfigSource Source);
