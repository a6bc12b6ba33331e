namespace Samsa.Interop.Processes;

/// <summary>How a broker process is started; starting again with the same settings continues on the same data.</summary>
public sealed record BrokerSettings(string DataDirectory, int Port)
{
    /// <summary>Kafka property names and values beyond data directory and listener.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The address it serves clients on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Listeners, where it is not just the one for clients.</summary>
    public string? Listeners { get; init; }

    /// <summary>A program, with arguments, that becomes the broker, such as `ip netns exec NAME`; empty to start it directly.</summary>
    public IReadOnlyList<string> RunBy { get; init; } = [];

    /// <summary>A file that everything it says is appended to.</summary>
    public string? LogFile { get; init; }

    /// <summary>How long the ready line may take.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The arguments of `samsa`.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "server";
        yield return "--data";
        yield return DataDirectory;
        yield return "--listeners";
        yield return Listeners ?? $"PLAINTEXT://{Host}:{Port}";
        yield return "--set";
        yield return "samsa.admin.listener=";
        foreach ((string name, string value) in Properties)
        {
            yield return "--set";
            yield return $"{name}={value}";
        }
    }
}
