using Microsoft.Extensions.Logging;

namespace Samsa.Broker.Logging;

/// <summary>How the log is written.</summary>
public sealed record ConsoleLogOptions
{
    /// <summary><c>samsa.log.format</c>.</summary>
    public LogFormat Format { get; init; }

    /// <summary><c>samsa.log.level</c>.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Entries that may wait to be written; further ones are dropped and counted.</summary>
    public int Capacity { get; init; } = 8192;

    /// <summary>The clock of the entries' times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Form of log entries.</summary>
public enum LogFormat
{
    /// <summary>A line for people.</summary>
    Text,

    /// <summary>A JSON object a line.</summary>
    Json,
}
