using Confluent.Kafka;

namespace Samsa.Load;

/// <summary>Values made ahead of the run: half words of a log line, half noise, so that codecs find something, but not everything.</summary>
internal static class Payloads
{
    private static readonly byte[] Words = "level=info service=checkout region=eu-1 method=POST path=/v1/orders status=201 user="u8.ToArray();

    public static Message<byte[]?, byte[]?>[] Messages(int size)
    {
        int count = Math.Clamp((8 << 20) / Math.Max(1, size), 4, 1024);
        var random = new Random(20);
        return [.. Enumerable.Range(0, count).Select(_ => new Message<byte[]?, byte[]?> { Value = Value(random, size) })];
    }

    public static byte[] Value(Random random, int size)
    {
        byte[] value = new byte[size];
        random.NextBytes(value);
        for (int at = 0; at < size; at += Words.Length * 2)
        {
            Words.AsSpan(0, Math.Min(Words.Length, size - at)).CopyTo(value.AsSpan(at));
        }

        return value;
    }
}
