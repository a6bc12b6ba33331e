using System.Buffers.Binary;

namespace Samsa.Interop.Tests.Clients;

/// <summary>The partitions that clients choose for a key; computed here to see whether records lie where other clients look for them.</summary>
internal static class Partitioners
{
    /// <summary>Kafka's own default, and so that of kafka-python and kafkajs.</summary>
    public static int Murmur2(ReadOnlySpan<byte> key, int partitions)
    {
        const uint m = 0x5bd1e995;
        uint h = 0x9747b28c ^ (uint)key.Length;
        ReadOnlySpan<byte> rest = key;
        for (; rest.Length >= 4; rest = rest[4..])
        {
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(rest) * m;
            h = (h * m) ^ ((k ^ (k >> 24)) * m);
        }

        if (rest.Length > 0)
        {
            for (int i = rest.Length - 1; i >= 0; i--)
            {
                h ^= (uint)rest[i] << (8 * i);
            }

            h *= m;
        }

        h = (h ^ (h >> 13)) * m;
        h ^= h >> 15;
        return (int)(h & 0x7fffffff) % partitions;
    }

    /// <summary>librdkafka's default, `consistent_random`.</summary>
    public static int Crc32(ReadOnlySpan<byte> key, int partitions)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in key)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return (int)(~crc % (uint)partitions);
    }
}
