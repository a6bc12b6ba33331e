using System.Text;

namespace Samsa.Broker.Configuration;

/// <summary>One thing wrong with the settings.</summary>
/// <param name="Name">The setting.</param>
/// <param name="Value">Its value; null where it may not be shown.</param>
/// <param name="Origin">Where it was given: file and line, environment variable or option.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Allowed">What would be right; empty where the problem says it.</param>
/// <param name="Nearest">The known name that resembles <paramref name="Name"/> most; null where none does.</param>
public sealed record ConfigError(string Name, string? Value, string Origin, string Problem, string Allowed, string? Nearest)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Name).Append(" = ").Append(Value is null ? "(hidden)" : $"\"{Value}\"");
        text.Append(" (").Append(Origin).Append("): ").Append(Problem);
        if (Allowed.Length > 0)
        {
            text.Append("; allowed: ").Append(Allowed);
        }

        if (Nearest is not null)
        {
            text.Append("; did you mean ").Append(Nearest).Append('?');
        }

        return text.ToString();
    }
}

/// <summary>The settings are wrong; nothing was started.</summary>
/// <param name="errors">Everything that is wrong, not only the first.</param>
public sealed class ConfigException(IReadOnlyList<ConfigError> errors)
    : Exception(errors.Count == 1
        ? $"invalid setting: {errors[0]}"
        : $"{errors.Count} invalid settings:{string.Concat(errors.Select(e => $"\n  {e}"))}")
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigError> Errors { get; } = errors;
}
