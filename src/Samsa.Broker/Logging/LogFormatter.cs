using System.Buffers;
using System.Text;

namespace Samsa.Broker.Logging;

/// <summary>Turns entries into bytes.</summary>
internal abstract class LogFormatter
{
    /// <summary>Appends one entry with its line end.</summary>
    public abstract void Format(in LogEntry entry, ArrayBufferWriter<byte> output);

    /// <summary>Appends text.</summary>
    protected static void Append(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}
