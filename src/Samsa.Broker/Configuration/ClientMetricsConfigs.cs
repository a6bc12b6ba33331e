using Samsa.Model;

namespace Samsa.Broker.Configuration;

/// <summary>Settings of client metrics subscriptions (KIP-714). They are kept for the clients' tools; no metrics are collected from clients.</summary>
public static class ClientMetricsConfigs
{
    private static readonly string[] MatchNames =
        ["client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address", "client_source_port"];

    private static readonly ConfigTable Table = new();

    /// <summary><c>interval.ms</c></summary>
    public static readonly ConfigKey<int> IntervalMs = Table.Add(new ConfigKey<int>("interval.ms", 300_000)
    {
        Min = 100, Max = 3_600_000, Scope = ConfigScope.ClientMetrics,
        Doc = "Milliseconds between two pushes of a client.",
    });

    /// <summary><c>match</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> Match = Table.Add(new ConfigKey<IReadOnlyList<string>>("match", [])
    {
        Scope = ConfigScope.ClientMetrics, Check = FindMatchProblem, CheckDoc = $"NAME=PATTERN,... with the names {string.Join(", ", MatchNames)}",
        Doc = "Which clients the subscription is for; empty = all.",
    });

    /// <summary><c>metrics</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> Metrics = Table.Add(new ConfigKey<IReadOnlyList<string>>("metrics", [])
    {
        Scope = ConfigScope.ClientMetrics, Doc = "Prefixes of the metrics that clients push; * = all.",
    });

    /// <summary>Every key, sorted by name.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;

    /// <summary>The key of a name, or null.</summary>
    public static ConfigKey? Find(string name) => All.FirstOrDefault(k => k.Name == name);

    /// <summary>Checks one value, with Kafka's message where it is refused.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">The value as it came over the wire.</param>
    public static ConfigVerdict Validate(string name, string value) =>
        Find(name) is not { } key ? new ConfigVerdict(ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {name}")
        : ConfigVerdict.Of(key, name, value, "client metrics") is { IsValid: false } refused ? refused with { Error = key == Match ? ErrorCode.InvalidConfig : ErrorCode.InvalidRequest }
        : ConfigVerdict.Valid;

    private static string? FindMatchProblem(object value) =>
        ((IReadOnlyList<string>)value).FirstOrDefault(static pattern =>
        {
            var equals = pattern.IndexOf('=', StringComparison.Ordinal);
            return equals <= 0 || equals == pattern.Length - 1 || !MatchNames.Contains(pattern[..equals].Trim(), StringComparer.Ordinal);
        }) is { } bad
            ? $"Illegal client matching pattern: {bad}"
            : null;
}
