using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Samsa.Broker.Logging;

/// <summary>
/// Writes the log to a stream, standard error as a rule. Whoever logs only puts the entry into a bounded queue; one thread
/// formats and writes. A reader that doesn't keep up costs entries, which are counted, and never makes the broker wait.
/// </summary>
/// <remarks>It is its own factory: the broker needs no filters, scopes or further providers, and starts faster without.</remarks>
public sealed class ConsoleLog : ILoggerFactory, ILoggerProvider
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly ConsoleLogOptions _options;
    private readonly Stream _output;
    private readonly Thread _writer;
    private readonly Lock _stop = new();
    private readonly object _gate = new();
    private List<LogEntry> _waiting = [];
    private long _dropped;
    private long _accepted;
    private long _written;
    private bool _stopping;

    /// <summary>Starts the writer.</summary>
    /// <param name="options">How to write.</param>
    /// <param name="output">Where to write; it is flushed but not closed.</param>
    public ConsoleLog(ConsoleLogOptions options, Stream output)
    {
        _options = options;
        _output = output;
        Levels = new LogLevels(options.Level);
        _writer = new Thread(WriteAll, maxStackSize: 256 * 1024) { Name = "log-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>The levels, which may change at run time.</summary>
    public LogLevels Levels { get; }

    /// <summary>Entries dropped because the queue was full.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    internal bool WantsFields => _options.Format == LogFormat.Json;

    internal DateTimeOffset Now => _options.Time.GetUtcNow();

    /// <summary>A log to standard error.</summary>
    public static ConsoleLog ToStandardError(ConsoleLogOptions options) => new(options, Console.OpenStandardError());

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => Levels.GetOrAdd(categoryName, this);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the console log takes no further providers");

    /// <summary>Waits until everything logged before is written, or for <paramref name="limit"/>.</summary>
    /// <returns>Whether it is written.</returns>
    public bool Flush(TimeSpan limit)
    {
        lock (_gate)
        {
            var upTo = _accepted;
            var started = _options.Time.GetTimestamp();
            while (_written < upTo)
            {
                var left = limit - _options.Time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    return _written >= upTo;
                }
            }

            return true;
        }
    }

    /// <summary>Writes what waits, then ends. Entries logged later are lost.</summary>
    public void Dispose()
    {
        lock (_stop)
        {
            lock (_gate)
            {
                _stopping = true;
                Monitor.PulseAll(_gate);
            }

            _writer.Join(LastWords);
        }
    }

    internal void Write(in LogEntry entry)
    {
        lock (_gate)
        {
            if (_waiting.Count >= _options.Capacity || _stopping)
            {
                _dropped++;
                return;
            }

            _waiting.Add(entry);
            _accepted++;
            if (_waiting.Count == 1)
            {
                Monitor.PulseAll(_gate);
            }
        }

        // The process may end the next moment, and this says why.
        if (entry.Level == LogLevel.Critical)
        {
            Flush(LastWords);
        }
    }

    private void WriteAll()
    {
        var batch = new List<LogEntry>();
        var text = new ArrayBufferWriter<byte>(4096);
        var formatter = _options.Format == LogFormat.Json ? (LogFormatter)new JsonLogFormatter() : new TextLogFormatter();
        long droppedBefore = 0;
        while (TakeBatch(ref batch, out var dropped))
        {
            foreach (var entry in batch)
            {
                formatter.Format(entry, text);
            }

            if (dropped > droppedBefore)
            {
                formatter.Format(
                    new LogEntry(Now, LogLevel.Warning, typeof(ConsoleLog).FullName!, 0, $"{dropped - droppedBefore} log entries were dropped: they came faster than they could be written", null, null),
                    text);
                droppedBefore = dropped;
            }

            WriteOut(text);
            lock (_gate)
            {
                _written += batch.Count;
                Monitor.PulseAll(_gate);
            }

            batch.Clear();
        }
    }

    private bool TakeBatch(ref List<LogEntry> empty, out long dropped)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            (empty, _waiting) = (_waiting, empty);
            dropped = _dropped;
            return empty.Count > 0;
        }
    }

    private void WriteOut(ArrayBufferWriter<byte> text)
    {
        try
        {
            _output.Write(text.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads standard error any more; a broker must outlive that.
        }

        text.ResetWrittenCount();
    }
}
