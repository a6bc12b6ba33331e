using System.Globalization;
using System.Text;
using Samsa.Records;

namespace Samsa.Benchmarks;

/// <summary>Batches of JSON log lines, the same on every run.</summary>
internal static class SampleRecords
{
    private static readonly string[] s_words =
        ["order", "payment", "accepted", "shipment", "customer", "retry", "timeout", "inventory", "checkout", "session"];

    /// <summary>Values of about that many bytes, as many as fill the size.</summary>
    internal static List<byte[]> Values(int size, int valueBytes)
    {
        var random = new Random(1);
        var values = new List<byte[]>();
        for (var total = 0; total < size; total += values[^1].Length)
        {
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{{\"id\":{random.Next()},\"level\":\"info\",\"message\":\"");
            while (line.Length < valueBytes - 2)
            {
                line.Append(s_words[random.Next(s_words.Length)]).Append(' ').Append(random.Next(1000)).Append(' ');
            }

            values.Add(Encoding.UTF8.GetBytes(line.Append("\"}").ToString()));
        }

        return values;
    }

    /// <summary>A batch of such values without compression, about that large.</summary>
    internal static byte[] Batch(CompressionType codec, int size, int valueBytes)
    {
        using var builder = new RecordBatchBuilder { Compression = codec };
        foreach (var value in Values(size, valueBytes))
        {
            builder.Append(1_700_000_000_000, null, value);
        }

        return builder.Build().ToArray();
    }
}
