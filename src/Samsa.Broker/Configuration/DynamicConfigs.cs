using Samsa.Model;

namespace Samsa.Broker.Configuration;

/// <summary>What broker settings may change at run time (KIP-226).</summary>
public static class DynamicConfigs
{
    /// <summary>Checks a change, with Kafka's message and code where it is refused. Unknown names pass, as in Kafka: a plug-in may know them.</summary>
    /// <param name="values">What would be set, by name.</param>
    /// <param name="everyBroker">Whether for every broker or for one.</param>
    public static ConfigVerdict Validate(IReadOnlyDictionary<string, string> values, bool everyBroker)
    {
        var known = values.Keys.Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Key: BrokerConfigs.Find(name)))
            .Where(k => k.Key is not null)
            .ToList();
        if (Refuse(known.Where(k => k.Key!.IsReadOnly), "Cannot update these configs dynamically") is { IsValid: false } readOnly)
        {
            return readOnly;
        }

        if (everyBroker
            && Refuse(
                known.Where(k => k.Key!.Scope == ConfigScope.PerBroker || k.Name != k.Key.Name),
                "Cannot update these configs at default cluster level, broker id must be specified") is { IsValid: false } perBroker)
        {
            return perBroker;
        }

        foreach (var (name, key) in known)
        {
            if (ConfigVerdict.Of(key, name, values[name], "broker") is { IsValid: false } refused)
            {
                return refused with { Error = ErrorCode.InvalidRequest };
            }
        }

        return ConfigVerdict.Valid;
    }

    private static ConfigVerdict Refuse(IEnumerable<(string Name, ConfigKey? Key)> settings, string why)
    {
        var names = string.Join(", ", settings.Select(s => s.Name));
        return names.Length == 0 ? ConfigVerdict.Valid : new ConfigVerdict(ErrorCode.InvalidRequest, $"{why}: Set({names})");
    }
}
