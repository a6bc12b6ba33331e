using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>The header of a version 2 record batch: its first 61 bytes, parsed.</summary>
public readonly struct BatchHeader
{
    /// <summary>How many bytes the header takes.</summary>
    public const int Length = BatchLayout.Records;

    private readonly BatchAttributes _attributes;

    private BatchHeader(ReadOnlySpan<byte> bytes)
    {
        BaseOffset = new Offset(BinaryPrimitives.ReadInt64BigEndian(bytes));
        BatchLength = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.BatchLength..]);
        LeaderEpoch = new LeaderEpoch(BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.LeaderEpoch..]));
        Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[BatchLayout.Crc..]);
        _attributes = (BatchAttributes)BinaryPrimitives.ReadInt16BigEndian(bytes[BatchLayout.Attributes..]);
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.LastOffsetDelta..]);
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[BatchLayout.BaseTimestamp..]);
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[BatchLayout.MaxTimestamp..]);
        ProducerId = new ProducerId(BinaryPrimitives.ReadInt64BigEndian(bytes[BatchLayout.ProducerId..]));
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[BatchLayout.ProducerEpoch..]);
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.BaseSequence..]);
        RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.RecordCount..]);
    }

    /// <summary>The offset of the first record the batch was written with; compaction may have removed that record.</summary>
    public Offset BaseOffset { get; }

    /// <summary>Bytes after the length field: the batch's size without its first 12 bytes.</summary>
    public int BatchLength { get; }

    /// <summary>The epoch of the leader that appended the batch; outside the checksum.</summary>
    public LeaderEpoch LeaderEpoch { get; }

    /// <summary>The checksum the batch claims: CRC-32C of everything from the attributes on.</summary>
    public uint Crc { get; }

    /// <summary>The attribute bits as they are on the wire.</summary>
    public short Attributes => (short)_attributes;

    /// <summary>The last record's offset less the base offset; kept when compaction removes records.</summary>
    public int LastOffsetDelta { get; }

    /// <summary>What the records' timestamps count from, in ms; the delete horizon where <see cref="HasDeleteHorizon"/>.</summary>
    public long BaseTimestamp { get; }

    /// <summary>The largest timestamp, in ms; the append time under <see cref="TimestampType.LogAppendTime"/>.</summary>
    public long MaxTimestamp { get; }

    /// <summary>The idempotent or transactional producer; -1 for none.</summary>
    public ProducerId ProducerId { get; }

    /// <summary>That producer's epoch; -1 for none.</summary>
    public short ProducerEpoch { get; }

    /// <summary>The first record's sequence number; -1 for none.</summary>
    public int BaseSequence { get; }

    /// <summary>How many records the batch claims to hold.</summary>
    public int RecordCount { get; }

    /// <summary>Bytes of the whole batch.</summary>
    public int SizeInBytes => BatchLength + BatchLayout.LogOverhead;

    /// <summary>The offset of the last record the batch was written with.</summary>
    public Offset LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset after the batch.</summary>
    public Offset NextOffset => LastOffset + 1;

    /// <summary>The codec; values above <see cref="CompressionType.Zstd"/> are none that exists.</summary>
    public CompressionType Compression => (CompressionType)(_attributes & BatchAttributes.CodecMask);

    /// <summary>Whose clock the timestamps come from.</summary>
    public TimestampType TimestampType =>
        Has(BatchAttributes.LogAppendTime) ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Whether the batch is part of a transaction.</summary>
    public bool IsTransactional => Has(BatchAttributes.Transactional);

    /// <summary>Whether the batch holds a control record (a transaction marker and the like) rather than data.</summary>
    public bool IsControl => Has(BatchAttributes.Control);

    /// <summary>Whether the base timestamp is the time from which the cleaner may drop tombstones (KIP-534).</summary>
    public bool HasDeleteHorizon => Has(BatchAttributes.DeleteHorizon);

    /// <summary>Whether an idempotent or transactional producer sent the batch.</summary>
    public bool HasProducerId => ProducerId.IsKnown;

    /// <summary>The last record's sequence number; numbers wrap from 2147483647 to 0. -1 where there is none.</summary>
    public int LastSequence => BaseSequence < 0 ? -1 : RecordBatch.AddSequence(BaseSequence, LastOffsetDelta);

    /// <summary>
    /// Parses a header. False where there are fewer than 61 bytes, the format version is not 2, or the length field
    /// cannot be a batch's. The rest of the batch need not be there, and nothing else is checked.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BatchHeader header)
    {
        if (bytes.Length < Length || bytes[BatchLayout.Magic] != BatchLayout.CurrentMagic)
        {
            header = default;
            return false;
        }

        header = new BatchHeader(bytes);
        return header.BatchLength is >= Length - BatchLayout.LogOverhead and <= int.MaxValue - BatchLayout.LogOverhead;
    }

    private bool Has(BatchAttributes bit) => (_attributes & bit) != BatchAttributes.None;
}
