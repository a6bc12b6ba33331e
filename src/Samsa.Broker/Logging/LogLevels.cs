using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Model;

namespace Samsa.Broker.Logging;

/// <summary>
/// The levels of loggers, which may change at run time: DescribeConfigs and IncrementalAlterConfigs of resource type
/// BROKER_LOGGER (KIP-412). A logger without a level of its own follows the root.
/// </summary>
public sealed class LogLevels(LogLevel root)
{
    private const string Root = "root";

    private readonly ConcurrentDictionary<string, ConsoleLogger> _loggers = new();
    private volatile int _root = (int)root;

    /// <summary>The level of loggers that have none of their own.</summary>
    public LogLevel RootLevel
    {
        get => (LogLevel)_root;
        set => _root = (int)value;
    }

    /// <summary>The level that a value of <c>samsa.log.level</c> means.</summary>
    public static LogLevel Parse(string name) => TryParse(name, out var level) ? level : LogLevel.Information;

    /// <summary>Every logger with its level, sorted by name.</summary>
    /// <param name="names">Which to tell; null or empty = all.</param>
    public IReadOnlyList<ConfigEntry> Describe(IReadOnlyCollection<string>? names) =>
        [.. _loggers.Values.Select(l => (l.Category, Level: l.OwnLevel ?? RootLevel))
            .Append((Category: Root, Level: RootLevel))
            .Where(l => names is null || names.Count == 0 || names.Contains(l.Category))
            .OrderBy(l => l.Category, StringComparer.Ordinal)
            .Select(l => new ConfigEntry(
                l.Category, NameOf(l.Level), ConfigSource.DynamicBrokerLogger, IsReadOnly: false, IsSensitive: false, ConfigType.Unknown, [], ""))];

    /// <summary>Gives a logger a level of its own, or takes it back.</summary>
    /// <param name="logger">Full name of the class that logs, or <c>root</c>.</param>
    /// <param name="level">One of TRACE, DEBUG, INFO, WARN, ERROR, FATAL; null = that of the root.</param>
    /// <param name="validateOnly">Whether to check only.</param>
    public ConfigVerdict Set(string logger, string? level, bool validateOnly)
    {
        var parsed = LogLevel.None;
        if (logger != Root && !_loggers.ContainsKey(logger))
        {
            return ConfigVerdict.Refused($"Logger {logger} does not exist!");
        }

        if (level is null && logger == Root)
        {
            return new ConfigVerdict(ErrorCode.InvalidRequest, "Removing the log level of the root logger is not allowed");
        }

        if (level is not null && !TryParse(level, out parsed))
        {
            return ConfigVerdict.Refused(
                $"Cannot set the log level of {logger} to {level} as it is not a supported log level. Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN");
        }

        if (validateOnly)
        {
            return ConfigVerdict.Valid;
        }

        if (logger == Root)
        {
            RootLevel = parsed;
        }
        else
        {
            _loggers[logger].OwnLevel = level is null ? null : parsed;
        }

        return ConfigVerdict.Valid;
    }

    /// <summary>The logger of a category, made on first use.</summary>
    internal ConsoleLogger GetOrAdd(string category, ConsoleLog log) =>
        _loggers.GetOrAdd(category, static (name, owner) => new ConsoleLogger(name, owner), log);

    /// <summary>Kafka's name of a level.</summary>
    internal static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    private static bool TryParse(string name, out LogLevel level)
    {
        LogLevel? known = name.Trim().ToUpperInvariant() switch
        {
            "TRACE" => LogLevel.Trace,
            "DEBUG" => LogLevel.Debug,
            "INFO" => LogLevel.Information,
            "WARN" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            "FATAL" => LogLevel.Critical,
            _ => null,
        };
        level = known.GetValueOrDefault();
        return known is not null;
    }
}
