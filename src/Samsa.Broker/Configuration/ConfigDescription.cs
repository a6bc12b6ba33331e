namespace Samsa.Broker.Configuration;

/// <summary>What DescribeConfigs and CreateTopics say of settings (KIP-226, KIP-525, KIP-569).</summary>
public static class ConfigDescription
{
    /// <summary>The settings of this broker, sorted by name, with those for one listener that were given.</summary>
    /// <param name="config">The current settings.</param>
    /// <param name="names">Which to tell; null or empty = all. Unknown names are left out, as in Kafka.</param>
    public static IReadOnlyList<ConfigEntry> DescribeBroker(this BrokerConfig config, IReadOnlyCollection<string>? names)
    {
        var scoped = config.Layers.SelectMany(l => l.Settings.Values)
            .Where(s => s.Name != s.Key.Name)
            .Select(s => (s.Name, s.Key));
        return [.. BrokerConfigs.Keys.Select(k => (k.Name, Key: k)).Concat(scoped)
            .DistinctBy(k => k.Name)
            .Where(k => IsWanted(k.Name, names))
            .OrderBy(k => k.Name, StringComparer.Ordinal)
            .Select(k => DescribeBrokerSetting(config, k.Name, k.Key))];
    }

    /// <summary>What is set for every broker at run time, sorted by name: the resource of type broker with an empty name.</summary>
    /// <param name="config">The current settings.</param>
    /// <param name="names">Which to tell; null or empty = all.</param>
    public static IReadOnlyList<ConfigEntry> DescribeEveryBroker(this BrokerConfig config, IReadOnlyCollection<string>? names) =>
        [.. config.Layers.First(l => l.Source == ConfigSource.DynamicDefaultBroker).Settings.Values
            .Where(s => IsWanted(s.Name, names))
            .OrderBy(s => s.Name, StringComparer.Ordinal)
            .Select(s => new ConfigEntry(
                s.Name, s.Text, ConfigSource.DynamicDefaultBroker, s.Key.IsReadOnly, s.Key.IsSensitive, s.Key.Type,
                [new ConfigSynonym(s.Name, s.Text, ConfigSource.DynamicDefaultBroker)], s.Key.Doc))];

    /// <summary>The settings of a topic, sorted by name.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">What is set on the topic.</param>
    /// <param name="names">Which to tell; null or empty = all. Unknown names are left out, as in Kafka.</param>
    public static IReadOnlyList<ConfigEntry> DescribeTopic(
        this BrokerConfig config, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        Describe(config, TopicConfigs.All, ConfigSource.DynamicTopic, overrides, names);

    /// <summary>The settings of a group, sorted by name.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">What is set on the group.</param>
    /// <param name="names">Which to tell; null or empty = all. Unknown names are left out.</param>
    public static IReadOnlyList<ConfigEntry> DescribeGroup(
        this BrokerConfig config, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        Describe(config, GroupResourceConfigs.All, ConfigSource.Group, overrides, names);

    /// <summary>The settings of a client metrics subscription, sorted by name.</summary>
    /// <param name="config">The current settings of the broker.</param>
    /// <param name="overrides">What is set on the subscription.</param>
    /// <param name="names">Which to tell; null or empty = all. Unknown names are left out.</param>
    public static IReadOnlyList<ConfigEntry> DescribeClientMetrics(
        this BrokerConfig config, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        Describe(config, ClientMetricsConfigs.All, ConfigSource.ClientMetrics, overrides, names);

    private static ConfigEntry DescribeBrokerSetting(BrokerConfig config, string name, ConfigKey key)
    {
        var isPlain = name == key.Name;
        var synonyms = FindSynonyms(config, isPlain ? [new ConfigSynonymKey(key, 1), .. key.Synonyms] : [], name);

        // Kafka takes settings for one listener for read-only, whatever they are.
        // Its rule for units: a coarser unit shows below the finer one, never instead of it.
        var first = synonyms.FindIndex(s => s.Name == name);
        synonyms = first < 0 ? [] : synonyms[first..];
        var value = synonyms.Count > 0 ? synonyms[0].Value : isPlain && !key.IsSensitive ? key.DefaultText : null;
        var source = synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default;
        return new ConfigEntry(name, value, source, !isPlain || key.IsReadOnly, key.IsSensitive, key.Type, synonyms, key.Doc);
    }

    private static ConfigEntry[] Describe(
        BrokerConfig config, IReadOnlyList<ConfigKey> keys, ConfigSource own, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names)
    {
        return [.. keys.Where(k => IsWanted(k.Name, names)).Select(key =>
        {
            var synonyms = FindSynonyms(config, key.Synonyms, name: null);

            // The default of a coarser unit is left out, as in Kafka. A value that was given in one is told, though Kafka hides
            // it and calls the effective value a default.
            while (synonyms.Count > 0 && synonyms[0].Source == ConfigSource.Default && synonyms[0].Name != key.Synonyms[0].Key.Name)
            {
                synonyms.RemoveAt(0);
            }

            var value = ConfigText.Format(config.GetValue(key));
            if (overrides.TryGetValue(key.Name, out var text))
            {
                value = key.TryParse(text, out var parsed, out _) ? ConfigText.Format(parsed) : text;
                synonyms.Insert(0, new ConfigSynonym(key.Name, value, own));
            }

            var source = synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default;
            return new ConfigEntry(key.Name, value, source, false, key.IsSensitive, key.Type, synonyms, key.Doc);
        })];
    }

    private static List<ConfigSynonym> FindSynonyms(BrokerConfig config, IReadOnlyList<ConfigSynonymKey> keys, string? name)
    {
        var synonyms = new List<ConfigSynonym>();
        foreach (var (source, settings) in config.Layers)
        {
            if (keys.Count == 0 && name is not null && settings.TryGetValue(name, out var scoped))
            {
                synonyms.Add(new ConfigSynonym(name, scoped.Text, source));
            }

            foreach (var (key, _) in keys)
            {
                if (settings.TryGetValue(key.Name, out var setting))
                {
                    synonyms.Add(new ConfigSynonym(key.Name, setting.Text, source));
                }
            }
        }

        foreach (var (key, _) in keys)
        {
            if (key.DefaultValue is not null)
            {
                synonyms.Add(new ConfigSynonym(key.Name, key.IsSensitive ? null : key.DefaultText, ConfigSource.Default));
            }
        }

        return synonyms;
    }

    private static bool IsWanted(string name, IReadOnlyCollection<string>? names) =>
        names is null || names.Count == 0 || names.Contains(name);
}
