using System.Buffers;
using System.Globalization;
using System.Text;

namespace Samsa.Broker.Logging;

/// <summary>A line for people: time, level, who, what. An exception follows on indented lines.</summary>
internal sealed class TextLogFormatter : LogFormatter
{
    private readonly StringBuilder _line = new(256);

    /// <inheritdoc/>
    public override void Format(in LogEntry entry, ArrayBufferWriter<byte> output)
    {
        _line.Clear()
            .Append(CultureInfo.InvariantCulture, $"{entry.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} ")
            .Append(LogLevels.NameOf(entry.Level).PadRight(5)).Append(' ')
            .Append(ShortNameOf(entry.Category)).Append(": ");
        AppendEscaped(entry.Message);
        _line.Append('\n');
        if (entry.Exception is not null)
        {
            foreach (var line in entry.Exception.ToString().AsSpan().EnumerateLines())
            {
                _line.Append("    ").Append(line).Append('\n');
            }
        }

        foreach (var chunk in _line.GetChunks())
        {
            Append(output, chunk.Span);
        }
    }

    private static ReadOnlySpan<char> ShortNameOf(string category) => category.AsSpan(category.LastIndexOf('.') + 1);

    // What a client sends may end up in a message: it must not forge lines or steer a terminal.
    private void AppendEscaped(string message)
    {
        foreach (var c in message)
        {
            if (char.IsControl(c))
            {
                _line.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => $"\\u{(int)c:x4}" });
            }
            else
            {
                _line.Append(c);
            }
        }
    }
}
