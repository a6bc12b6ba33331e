using System.Globalization;
using System.Text;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The text of Kafka's offset checkpoints: line <c>0</c>, line COUNT, then one <c>TOPIC PARTITION OFFSET</c> per line.</summary>
internal static class OffsetCheckpoint
{
    /// <summary>Reads a checkpoint's text.</summary>
    /// <param name="text">The file's bytes.</param>
    /// <param name="offsets">The offsets by partition; empty where the text is damaged.</param>
    /// <param name="reason">What is wrong with the text.</param>
    /// <returns>False where the text is damaged in any way; half a checkpoint is none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Dictionary<TopicPartition, Offset> offsets, out string reason)
    {
        offsets = [];
        if (!TryReadLine(ref text, out var line) || line is not "0")
        {
            reason = $"line 1 is \"{line}\" where version 0 should stand";
            return false;
        }

        if (!TryReadLine(ref text, out line)
            || !int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            reason = $"line 2 is \"{line}\" where the count should stand";
            return false;
        }

        var read = 0;
        for (; TryReadLine(ref text, out line); read++)
        {
            if (!TryParseEntry(line, offsets))
            {
                offsets = [];
                reason = $"line {read + 3} is \"{line}\" where TOPIC PARTITION OFFSET should stand";
                return false;
            }
        }

        reason = string.Empty;
        if (read != count)
        {
            offsets = [];
            reason = $"{read} entries where line 2 says {count}";
            return false;
        }

        return true;
    }

    /// <summary>Writes a checkpoint's text.</summary>
    public static byte[] Format(IReadOnlyCollection<KeyValuePair<TopicPartition, Offset>> offsets)
    {
        var text = new StringBuilder(16 + (offsets.Count * 32));
        text.Append("0\n").Append(offsets.Count).Append('\n');
        foreach (var (partition, offset) in offsets)
        {
            text.Append(partition.Topic).Append(' ').Append(partition.Partition).Append(' ').Append(offset.Value).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> text, out string line)
    {
        if (text.IsEmpty)
        {
            line = string.Empty;
            return false;
        }

        var end = text.IndexOf((byte)'\n');
        line = Encoding.UTF8.GetString(end < 0 ? text : text[..end]).TrimEnd('\r');
        text = end < 0 ? default : text[(end + 1)..];
        return true;
    }

    private static bool TryParseEntry(string line, Dictionary<TopicPartition, Offset> offsets)
    {
        Span<Range> fields = stackalloc Range[4];
        var entry = line.AsSpan();
        if (entry.Split(fields, ' ') != 3
            || !PartitionDirectoryName.IsTopic(entry[fields[0]])
            || !int.TryParse(entry[fields[1]], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(entry[fields[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return false;
        }

        return offsets.TryAdd(new TopicPartition(entry[fields[0]].ToString(), partition), new Offset(offset));
    }
}
