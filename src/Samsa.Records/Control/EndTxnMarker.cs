using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>The control record that ends a producer's transaction in a partition (KIP-98).</summary>
/// <param name="IsCommit">Whether the transaction's records hold; the record's key says so.</param>
/// <param name="CoordinatorEpoch">The epoch of the transaction coordinator that wrote the marker, to fence older ones.</param>
public readonly record struct EndTxnMarker(bool IsCommit, int CoordinatorEpoch)
{
    private const int ValueLength = 6;
    private const short ValueVersion = 0;

    /// <summary>Reads a marker; false where the record is another control record or malformed.</summary>
    public static bool TryRead(in Record record, out EndTxnMarker marker) => TryRead(record.Key, record.Value, out marker);

    /// <summary>Reads a marker from a control record's key and value; false where it is another control record or malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out EndTxnMarker marker)
    {
        marker = default;
        if (!ControlRecord.TryReadType(key, out var type)
            || type is not (ControlRecordType.Abort or ControlRecordType.Commit)
            || value.Length < ValueLength
            || BinaryPrimitives.ReadInt16BigEndian(value) < 0)
        {
            return false;
        }

        var epoch = BinaryPrimitives.ReadInt32BigEndian(value[sizeof(short)..]);
        marker = new EndTxnMarker(type == ControlRecordType.Commit, epoch);
        return true;
    }

    /// <summary>The batch that carries the marker: transactional, control, one record.</summary>
    /// <param name="producer">Whose transaction ends.</param>
    /// <param name="producerEpoch">Its epoch.</param>
    /// <param name="timestampMs">In ms since the epoch.</param>
    public byte[] ToBatch(ProducerId producer, short producerEpoch, long timestampMs)
    {
        var value = new byte[ValueLength];
        BinaryPrimitives.WriteInt16BigEndian(value, ValueVersion);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(sizeof(short)), CoordinatorEpoch);
        using var builder = new RecordBatchBuilder
        {
            IsControl = true,
            IsTransactional = true,
            ProducerId = producer,
            ProducerEpoch = producerEpoch,
        };
        builder.Append(timestampMs, ControlRecord.Key(IsCommit ? ControlRecordType.Commit : ControlRecordType.Abort), value);
        return builder.Build().ToArray();
    }
}
