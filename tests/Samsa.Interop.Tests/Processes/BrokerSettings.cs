namespace Samsa.Interop.Processes;

/// <summary>How a broker process is started; starting again with the same settings continues on the same data.</summary>
public sealed record BrokerSettings(string DataDirectory, int Port)
{
    /// <summary>Kafka property names and values beyond data directory and listener.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long the ready line may take.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The arguments of `samsa`.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "server";
        yield return "--data";
        yield return DataDirectory;
        yield return "--listeners";
        yield return $"PLAINTEXT://127.0.0.1:{Port}";
        yield return "--set";
        yield return "samsa.admin.listener=";
        foreach ((string name, string value) in Properties)
        {
            yield return "--set";
            yield return $"{name}={value}";
        }
    }
}
