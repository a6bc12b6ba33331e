namespace Samsa.Broker.Configuration;

/// <summary>Where settings are given, weakest first: file, environment, <c>--set</c>, dedicated options.</summary>
public sealed record BrokerConfigSources
{
    /// <summary>The prefix of environment variables that are settings.</summary>
    public const string EnvironmentPrefix = "SAMSA_";

    /// <summary>Path of a properties file; null = none.</summary>
    public string? PropertiesFile { get; init; }

    /// <summary>The text of a properties file, for callers that have no file.</summary>
    public string? PropertiesText { get; init; }

    /// <summary>Environment variables; those that don't begin with <see cref="EnvironmentPrefix"/> are passed over.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The values of <c>--set</c>: <c>name=value</c>.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The value of <c>--data</c>, which is <c>log.dirs</c>; null = not given.</summary>
    public string? Data { get; init; }

    /// <summary>The value of <c>--listeners</c>; null = not given.</summary>
    public string? Listeners { get; init; }

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment()
    {
        var variables = new Dictionary<string, string>();
        var all = System.Environment.GetEnvironmentVariables().GetEnumerator();
        while (all.MoveNext())
        {
            if (all.Key is string name && name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
            {
                variables[name] = (string?)all.Value ?? "";
            }
        }

        return variables;
    }
}
