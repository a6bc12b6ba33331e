using System.Diagnostics.CodeAnalysis;

namespace Samsa.Broker.Configuration;

/// <summary>One setting, declared once: parsing, checks, DescribeConfigs and the reference page derive from it.</summary>
public abstract class ConfigKey
{
    private protected ConfigKey(string name, ConfigType type, object? defaultValue)
    {
        Name = name;
        Type = type;
        DefaultValue = defaultValue;
    }

    /// <summary>Kafka's name, or one that begins with <c>samsa.</c>.</summary>
    public string Name { get; }

    /// <summary>What the text of a value must be.</summary>
    public ConfigType Type { get; init; }

    /// <summary>Where it may be set.</summary>
    public ConfigScope Scope { get; init; }

    /// <summary>How much attention it deserves.</summary>
    public ConfigImportance Importance { get; init; } = ConfigImportance.Medium;

    /// <summary>What it does, in a sentence or two, with unit.</summary>
    public required string Doc { get; init; }

    /// <summary>Least number allowed.</summary>
    public long? Min { get; init; }

    /// <summary>Greatest number allowed.</summary>
    public long? Max { get; init; }

    /// <summary>A number outside of <see cref="Min"/> and <see cref="Max"/> that is allowed as well.</summary>
    public long? AlsoAllowed { get; init; }

    /// <summary>The texts allowed, or the elements allowed in a list; empty = any.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Whether case is ignored when a text is looked up in <see cref="Allowed"/>.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>Whether an empty text or list is refused.</summary>
    public bool NonEmpty { get; init; }

    /// <summary>A further check of the parsed value: what is wrong with it, or null.</summary>
    public Func<object, string?>? Check { get; init; }

    /// <summary>What <see cref="Check"/> allows, in words, for the reference page.</summary>
    public string? CheckDoc { get; init; }

    /// <summary>Why setting it changes nothing; null where it does what it says.</summary>
    public string? Ignored { get; init; }

    /// <summary>
    /// The broker settings a topic's or group's default is taken from, first one wins;
    /// for a broker setting, itself and the coarser units that stand in for it.
    /// </summary>
    public IReadOnlyList<ConfigSynonymKey> Synonyms { get; init; } = [];

    /// <summary>The value where nobody set one; null = none.</summary>
    public object? DefaultValue { get; }

    /// <summary>Whether its value is a secret.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>Whether it can't change while the broker runs.</summary>
    public bool IsReadOnly => Scope == ConfigScope.ReadOnly;

    /// <summary><see cref="DefaultValue"/> as DescribeConfigs shows it.</summary>
    public string? DefaultText => ConfigText.Format(DefaultValue);

    /// <summary>Reads and checks a value.</summary>
    /// <param name="text">The value as it was given.</param>
    /// <param name="value">The value as its type.</param>
    /// <param name="problem">What is wrong with it, in Kafka's words.</param>
    public bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        problem = ConfigText.TryParse(Type, text, out value, out var reason) ? ConfigRules.FindProblem(this, value) : reason;
        return problem is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A setting whose value is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">bool, int, long, short, double, string or <see cref="IReadOnlyList{T}"/> of string; nullable where unset is a value.</typeparam>
public sealed class ConfigKey<T> : ConfigKey
{
    /// <summary>Declares a setting.</summary>
    public ConfigKey(string name, T defaultValue)
        : base(name, ConfigText.TypeOf(typeof(T)), defaultValue) => Default = defaultValue;

    /// <summary>The value where nobody set one.</summary>
    public T Default { get; }

    /// <summary>A topic setting whose default is this broker setting: same type, range and default.</summary>
    internal ConfigKey<T> ForTopic(string name, string doc) => Derive(name, doc, ConfigScope.Topic);

    /// <summary>A group setting whose default is this broker setting: same type, range and default.</summary>
    internal ConfigKey<T> ForGroup(string name, string doc) => Derive(name, doc, ConfigScope.Group);

    private ConfigKey<T> Derive(string name, string doc, ConfigScope scope) => new(name, Default)
    {
        Type = Type,
        Scope = scope,
        Min = Min,
        Max = Max,
        AlsoAllowed = AlsoAllowed,
        Allowed = Allowed,
        IgnoreCase = IgnoreCase,
        NonEmpty = NonEmpty,
        Check = Check,
        CheckDoc = CheckDoc,
        Ignored = Ignored,
        Synonyms = [new ConfigSynonymKey(this, 1)],
        Doc = doc,
    };
}

/// <summary>A setting that stands in for another.</summary>
/// <param name="Key">The setting.</param>
/// <param name="Factor">How many of the other's units one of its units is, such as 3,600,000 ms for an hour.</param>
public readonly record struct ConfigSynonymKey(ConfigKey Key, long Factor);
