namespace Samsa.Broker.Configuration;

/// <summary>One value that somebody gave.</summary>
/// <param name="Name">The name it was given under: the key's own, or that name for one listener.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, checked.</param>
/// <param name="Origin">Where it was given, for people.</param>
internal sealed record ConfigSetting(string Name, ConfigKey Key, object Value, string Origin)
{
    /// <summary>The value as DescribeConfigs shows it; null where it is a secret.</summary>
    public string? Text => Key.IsSensitive ? null : ConfigText.Format(Value);
}
