namespace Samsa.Broker.Configuration;

/// <summary>Every broker setting, by name.</summary>
public static class BrokerConfigs
{
    private const string ListenerPrefix = "listener.name.";

    private static readonly Dictionary<string, ConfigKey> ByName = All().ToDictionary(k => k.Name);

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

    private static IEnumerable<ConfigKey> All() =>
    [
        .. SamsaConfigs.All, .. NodeConfigs.All, .. ListenerConfigs.All, .. NetworkConfigs.All, .. LogConfigs.All,
        .. LogCleanerConfigs.All, .. TopicServiceConfigs.All, .. ReplicationConfigs.All, .. MetadataConfigs.All,
        .. GroupConfigs.All, .. ShareGroupConfigs.All, .. StreamsGroupConfigs.All, .. TransactionConfigs.All,
        .. QuotaConfigs.All, .. SslConfigs.All, .. SaslConfigs.All, .. RemoteStorageConfigs.All, .. IgnoredConfigs.All,
    ];
}
