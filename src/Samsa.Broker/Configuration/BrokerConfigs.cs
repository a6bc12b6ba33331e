namespace Samsa.Broker.Configuration;

/// <summary>Every broker setting, by name.</summary>
public static class BrokerConfigs
{
    private const string ListenerPrefix = "listener.name.";

    /// <summary>The keys by theme, in the order of the reference page.</summary>
    internal static IReadOnlyList<(string Title, IReadOnlyList<ConfigKey> Keys)> Themes { get; } =
    [
        ("Samsa's own", SamsaConfigs.All),
        ("Node", NodeConfigs.All),
        ("Listeners", ListenerConfigs.All),
        ("Network", NetworkConfigs.All),
        ("Log", LogConfigs.All),
        ("Log cleaner", LogCleanerConfigs.All),
        ("Topics and fetching", TopicServiceConfigs.All),
        ("Replication", ReplicationConfigs.All),
        ("Metadata and controller quorum", MetadataConfigs.All),
        ("Groups and committed offsets", GroupConfigs.All),
        ("Share groups", ShareGroupConfigs.All),
        ("Streams groups", StreamsGroupConfigs.All),
        ("Transactions", TransactionConfigs.All),
        ("Quotas", QuotaConfigs.All),
        ("TLS", SslConfigs.All),
        ("SASL and delegation tokens", SaslConfigs.All),
        ("Tiered storage", RemoteStorageConfigs.All),
        ("Accepted without effect", IgnoredConfigs.All),
    ];

    private static readonly Dictionary<string, ConfigKey> ByName = Themes.SelectMany(t => t.Keys).ToDictionary(k => k.Name);

    /// <summary>Every key, sorted by name.</summary>
    public static IReadOnlyList<ConfigKey> Keys { get; } = [.. ByName.Values.OrderBy(k => k.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Looks a name up. <c>listener.name.NAME.KEY</c>, and for SASL <c>listener.name.NAME.MECHANISM.KEY</c>,
    /// is KEY for one listener.
    /// </summary>
    /// <returns>The key, or null where the name means nothing.</returns>
    public static ConfigKey? Find(string name)
    {
        if (ByName.TryGetValue(name, out var key) || !name.StartsWith(ListenerPrefix, StringComparison.Ordinal))
        {
            return key;
        }

        for (var dot = name.IndexOf('.', ListenerPrefix.Length); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (ByName.TryGetValue(name[(dot + 1)..], out key))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>The name of the environment variable of a setting, after the prefix.</summary>
    internal static string EnvironmentName(string name) =>
        name.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>The keys by <see cref="EnvironmentName"/>; those of Samsa may leave their own prefix out.</summary>
    internal static Dictionary<string, ConfigKey> ByEnvironmentName()
    {
        var keys = ByName.Values.ToDictionary(k => EnvironmentName(k.Name));
        foreach (var key in SamsaConfigs.All)
        {
            keys.TryAdd(EnvironmentName(key.Name["samsa.".Length..]), key);
        }

        return keys;
    }

    /// <summary>The known name that takes the fewest edits to reach; null where none is near.</summary>
    internal static string? Nearest(string name, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Max(2, name.Length / 4) + 1;
        foreach (var candidate in known)
        {
            var distance = EditDistance.Between(name, candidate, bestDistance);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }
}
