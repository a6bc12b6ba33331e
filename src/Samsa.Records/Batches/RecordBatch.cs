using System.Buffers.Binary;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>
/// Changes a batch where it lies. The checksum covers everything from the attributes on: base offset and leader epoch
/// may change without it, everything else recomputes it. Each span starts with a whole batch; what follows is left alone.
/// </summary>
public static class RecordBatch
{
    /// <summary>Gives the batch its place in the log.</summary>
    public static void SetBaseOffset(Span<byte> batch, Offset baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset.Value);

    /// <summary>Names the leader's epoch under which the batch is appended.</summary>
    public static void SetLeaderEpoch(Span<byte> batch, LeaderEpoch epoch) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.LeaderEpoch..], epoch.Value);

    /// <summary>Marks the batch as stamped by the leader's clock and recomputes the checksum.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="timestampMs">The append time, in ms since the epoch.</param>
    public static void SetLogAppendTime(Span<byte> batch, long timestampMs) =>
        SetMaxTimestamp(batch, TimestampType.LogAppendTime, timestampMs);

    /// <summary>Sets whose clock stamped the batch and its largest timestamp, and recomputes the checksum.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="type">Whose clock.</param>
    /// <param name="timestampMs">The append time or the largest create time, in ms since the epoch.</param>
    public static void SetMaxTimestamp(Span<byte> batch, TimestampType type, long timestampMs)
    {
        var attributes = (BatchAttributes)BinaryPrimitives.ReadInt16BigEndian(batch[BatchLayout.Attributes..]);
        attributes = type == TimestampType.LogAppendTime
            ? attributes | BatchAttributes.LogAppendTime
            : attributes & ~BatchAttributes.LogAppendTime;
        BinaryPrimitives.WriteInt16BigEndian(batch[BatchLayout.Attributes..], (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.MaxTimestamp..], timestampMs);
        UpdateCrc(batch);
    }

    /// <summary>Sets the producer's fields and recomputes the checksum.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="producer">The producer, or <see cref="ProducerId.None"/>.</param>
    /// <param name="producerEpoch">Its epoch; -1 for none.</param>
    /// <param name="baseSequence">The first record's sequence number; -1 for none.</param>
    public static void SetProducer(Span<byte> batch, ProducerId producer, short producerEpoch, int baseSequence)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.ProducerId..], producer.Value);
        BinaryPrimitives.WriteInt16BigEndian(batch[BatchLayout.ProducerEpoch..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.BaseSequence..], baseSequence);
        UpdateCrc(batch);
    }

    /// <summary>Whether the span starts with a whole version 2 batch whose checksum is right.</summary>
    public static bool IsCrcValid(ReadOnlySpan<byte> batch) =>
        BatchHeader.TryRead(batch, out var header)
        && header.SizeInBytes <= batch.Length
        && Crc32C.Compute(batch[BatchLayout.Attributes..header.SizeInBytes]) == header.Crc;

    /// <summary>Writes the checksum that the batch's bytes have now.</summary>
    public static void UpdateCrc(Span<byte> batch)
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(batch[BatchLayout.BatchLength..]) + BatchLayout.LogOverhead;
        var crc = Crc32C.Compute(batch[BatchLayout.Attributes..size]);
        BinaryPrimitives.WriteUInt32BigEndian(batch[BatchLayout.Crc..], crc);
    }

    /// <summary>The sequence number so many records later; after 2147483647 comes 0.</summary>
    public static int AddSequence(int sequence, int records) => (int)(((long)sequence + records) & int.MaxValue);

    /// <summary>The sequence number so many records earlier; before 0 comes 2147483647.</summary>
    public static int SubtractSequence(int sequence, int records) => (int)(((long)sequence - records) & int.MaxValue);

    /// <summary>The batches that lie back to back in the bytes, up to the first that is cut short or no batch.</summary>
    public static BatchEnumerator Enumerate(ReadOnlyMemory<byte> records) => new(records);

    /// <summary>The records of one batch: <c>foreach (var record in RecordBatch.Records(batch, limit))</c>.</summary>
    /// <param name="batch">A whole batch; bytes behind it are ignored.</param>
    /// <param name="maxDecompressedBytes">The most that its records may take, decompressed.</param>
    /// <exception cref="InvalidRecordException">While walking: the batch or a record is malformed.</exception>
    public static RecordSequence Records(ReadOnlyMemory<byte> batch, int maxDecompressedBytes) =>
        new(batch, maxDecompressedBytes);
}
