using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>Keys of control records, and the batches that hold one: version, then type, two bytes each.</summary>
public static class ControlRecord
{
    private const int KeyLength = 4;
    private const short KeyVersion = 0;

    /// <summary>Reads a control record's type from its key; bytes behind it are ignored. False where the key is too short or its version negative.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        type = default;
        if (key.Length < KeyLength || BinaryPrimitives.ReadInt16BigEndian(key) < 0)
        {
            return false;
        }

        type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(key[sizeof(short)..]);
        return true;
    }

    /// <summary>The key of a control record.</summary>
    public static byte[] Key(ControlRecordType type)
    {
        var key = new byte[KeyLength];
        BinaryPrimitives.WriteInt16BigEndian(key, KeyVersion);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(sizeof(short)), (short)type);
        return key;
    }

    /// <summary>
    /// A control batch with one record, uncompressed, at offset 0. For quorum types the value is the message of that name
    /// in its encoding; for transaction markers see <see cref="EndTxnMarker.ToBatch"/>.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="value">The value, encoded.</param>
    /// <param name="timestampMs">In ms since the epoch.</param>
    public static byte[] ToBatch(ControlRecordType type, ReadOnlyMemory<byte> value, long timestampMs)
    {
        using var builder = new RecordBatchBuilder { IsControl = true };
        builder.Append(timestampMs, Key(type), value);
        return builder.Build().ToArray();
    }
}
