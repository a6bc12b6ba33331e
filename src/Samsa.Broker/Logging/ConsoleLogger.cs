using Microsoft.Extensions.Logging;

namespace Samsa.Broker.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class ConsoleLogger(string category, ConsoleLog log) : ILogger
{
    private const int FollowsRoot = -1;

    private volatile int _ownLevel = FollowsRoot;

    /// <summary>Full name of the class that logs.</summary>
    public string Category => category;

    /// <summary>The level given to this logger; null = that of the root.</summary>
    public LogLevel? OwnLevel
    {
        get => _ownLevel == FollowsRoot ? null : (LogLevel)_ownLevel;
        set => _ownLevel = value is null ? FollowsRoot : (int)value;
    }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= (OwnLevel ?? log.Levels.RootLevel);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var fields = log.WantsFields && state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values ? values.ToArray() : null;
        log.Write(new LogEntry(log.Now, logLevel, category, eventId.Id, formatter(state, exception), fields, exception));
    }
}
