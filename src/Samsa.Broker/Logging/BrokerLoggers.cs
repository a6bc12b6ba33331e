using System.Globalization;
using Samsa.Broker.Configuration;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Logging;

/// <summary>
/// The loggers of this broker as a resource of configuration (KIP-412). Levels live in memory: the next start begins with
/// <c>samsa.log.level</c> again, as Kafka begins with its file.
/// </summary>
/// <param name="self">This broker.</param>
/// <param name="levels">Its loggers; null where nobody writes a log, so that there are none.</param>
internal sealed class BrokerLoggers(BrokerId self, LogLevels? levels)
{
    /// <summary>The levels of the loggers.</summary>
    /// <param name="names">Which to tell; null or empty = all.</param>
    public IReadOnlyList<ConfigEntry> Describe(IReadOnlyCollection<string>? names) => levels?.Describe(names) ?? [];

    /// <summary>Changes levels; all that is asked for, or nothing.</summary>
    public ConfigResult Alter(ConfigWish wish, bool validateOnly)
    {
        var verdict = RefuseName(wish.Resource.Name) is { } reason ? new ConfigVerdict(ErrorCode.InvalidRequest, reason)
            : ConfigAlteration.RefuseForm(wish.Changes) is { } refused ? new ConfigVerdict(refused.Error, refused.Message)
            : AlterAll(wish.Changes, validateOnly: true);
        if (verdict.IsValid && !validateOnly)
        {
            verdict = AlterAll(wish.Changes, validateOnly: false);
        }

        return new ConfigResult(wish.Resource, verdict.Error, verdict.Message);
    }

    /// <summary>Says why a resource is not this broker, or null.</summary>
    public string? RefuseName(string name) =>
        !int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? $"Broker id must be an integer, but it is: {name}"
        : id != self.Value ? $"Unexpected broker id, expected {self} but received {name}"
        : null;

    private ConfigVerdict AlterAll(IReadOnlyList<ConfigChange> changes, bool validateOnly)
    {
        foreach (var change in changes)
        {
            var verdict = change.Operation is ConfigOperation.Append or ConfigOperation.Subtract
                ? new ConfigVerdict(ErrorCode.InvalidRequest, $"{change.Operation.ToString().ToUpperInvariant()} operation is not allowed for the BROKER_LOGGER resource")
                : levels?.Set(change.Name, change.Operation == ConfigOperation.Set ? change.Value : null, validateOnly)
                    ?? ConfigVerdict.Refused($"Logger {change.Name} does not exist!");
            if (!verdict.IsValid)
            {
                return verdict;
            }
        }

        return ConfigVerdict.Valid;
    }
}
