namespace Samsa.Broker.Configuration;

/// <summary>Collects the keys of one file as they are declared, so that none can be forgotten.</summary>
internal sealed class ConfigTable
{
    private readonly List<ConfigKey> _keys = [];

    /// <summary>The keys so far, in order of declaration.</summary>
    public IReadOnlyList<ConfigKey> Keys => _keys;

    /// <summary>Takes a key in and hands it back.</summary>
    public ConfigKey<T> Add<T>(ConfigKey<T> key)
    {
        _keys.Add(key);
        return key;
    }
}
