using System.Buffers.Binary;
using Samsa.Cluster.Tests.Checking;

namespace Samsa.Cluster.Tests.Workloads;

/// <summary>The bytes of a record: its id, then bytes that follow from it, so that damage shows.</summary>
internal static class RecordValue
{
    private const int HeaderLength = 2 * sizeof(int) + sizeof(long);
    private const int LargestFiller = 600;

    public static byte[] Encode(RecordId record)
    {
        var random = new Random(HashCode.Combine(record.Producer, record.Partition) ^ (int)(record.Number * 7919));
        byte[] value = new byte[HeaderLength + random.Next(LargestFiller)];
        BinaryPrimitives.WriteInt32BigEndian(value, record.Producer);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(4), record.Partition);
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(8), record.Number);
        random.NextBytes(value.AsSpan(HeaderLength));
        return value;
    }

    /// <summary>The record, or null when this is not exactly what a producer makes.</summary>
    public static RecordId? Decode(byte[]? value)
    {
        if (value is null || value.Length < HeaderLength)
        {
            return null;
        }

        var record = new RecordId(
            BinaryPrimitives.ReadInt32BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(4)), BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(8)));
        return Encode(record).AsSpan().SequenceEqual(value) ? record : null;
    }
}
