using System.Buffers.Binary;
using System.Text;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>
/// Builds version 2 batches, one after the other, in pooled memory. Records get consecutive offsets. Set the properties,
/// append records, <see cref="Build"/>; <see cref="Clear"/> starts the next batch with the same properties.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private readonly RecordBuffer _plain = new();
    private readonly RecordBuffer _compressed = new();
    private long _baseTimestamp;
    private long _maxTimestamp;

    /// <summary>The codec.</summary>
    public CompressionType Compression { get; set; }

    /// <summary>The codec's level (<c>compression.*.level</c>); null for its default.</summary>
    public int? CompressionLevel { get; set; }

    /// <summary>The first record's offset.</summary>
    public Offset BaseOffset { get; set; }

    /// <summary>The leader's epoch; -1 where the leader has yet to set it.</summary>
    public LeaderEpoch LeaderEpoch { get; set; } = LeaderEpoch.None;

    /// <summary>The idempotent or transactional producer.</summary>
    public ProducerId ProducerId { get; set; } = ProducerId.None;

    /// <summary>The producer's epoch; -1 for none.</summary>
    public short ProducerEpoch { get; set; } = -1;

    /// <summary>The first record's sequence number; -1 for none.</summary>
    public int BaseSequence { get; set; } = -1;

    /// <summary>Whether the batch is part of a transaction.</summary>
    public bool IsTransactional { get; set; }

    /// <summary>Whether the batch holds a control record.</summary>
    public bool IsControl { get; set; }

    /// <summary>The append time in ms, which makes the batch <see cref="TimestampType.LogAppendTime"/>; null for create time.</summary>
    public long? LogAppendTimeMs { get; set; }

    /// <summary>How many records have been appended.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Bytes that the batch takes before compression.</summary>
    public int UncompressedSizeInBytes => Math.Max(_plain.Length, BatchHeader.Length);

    /// <summary>Forgets the records; the memory that <see cref="Build"/> gave is reused. Properties stay.</summary>
    public void Clear()
    {
        _plain.Clear();
        _compressed.Clear();
        RecordCount = 0;
    }

    /// <summary>Appends a record.</summary>
    /// <param name="timestampMs">In ms since the epoch.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="value">The value, or null.</param>
    /// <param name="headers">The headers, in order.</param>
    public void Append(
        long timestampMs, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, params ReadOnlySpan<RecordHeader> headers)
    {
        var content = FieldSize(key) + FieldSize(value) + Varint.Size(headers.Length);
        foreach (ref readonly var header in headers)
        {
            var keyBytes = Encoding.UTF8.GetByteCount(header.Key);
            content = checked(content + Varint.Size(keyBytes) + keyBytes + FieldSize(header.Value));
        }

        var record = Begin(timestampMs, content, out var at);
        WriteField(record, ref at, key);
        WriteField(record, ref at, value);
        at += Varint.Write(record[at..], headers.Length);
        foreach (ref readonly var header in headers)
        {
            at += Varint.Write(record[at..], Encoding.UTF8.GetByteCount(header.Key));
            at += Encoding.UTF8.GetBytes(header.Key, record[at..]);
            WriteField(record, ref at, header.Value);
        }

        _plain.Advance(at);
    }

    /// <summary>Appends a record; a null array is a null key or value, which a conversion to memory would make empty.</summary>
    /// <param name="timestampMs">In ms since the epoch.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="value">The value, or null.</param>
    /// <param name="headers">The headers, in order.</param>
    public void Append(long timestampMs, byte[]? key, byte[]? value, params ReadOnlySpan<RecordHeader> headers) =>
        Append(timestampMs, Nullable(key), Nullable(value), headers);

    /// <summary>Appends a copy of a record of another batch: its timestamp, key, value and headers, with the next offset.</summary>
    public void Append(in Record record)
    {
        var content = record.Content;
        content.CopyTo(Begin(record.Timestamp, content.Length, out var at)[at..]);
        _plain.Advance(at + content.Length);
    }

    /// <summary>Finishes the batch: compresses, fills the header, computes the checksum.</summary>
    /// <returns>The batch; valid until the builder is cleared, appended to, built again or disposed of.</returns>
    public Memory<byte> Build()
    {
        if (RecordCount == 0)
        {
            ReserveHeader(_plain);
        }

        var batch = _plain.Written;
        // A batch without records (as compaction leaves behind) has nothing to compress.
        var codec = RecordCount == 0 ? CompressionType.None : Compression;
        if (codec != CompressionType.None)
        {
            ReserveHeader(_compressed);
            RecordCompression.Compress(codec, CompressionLevel, batch[BatchHeader.Length..], _compressed);
            batch = _compressed.Written;
        }

        WriteHeader(batch.Span, codec);
        return batch;
    }

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose()
    {
        _plain.Dispose();
        _compressed.Dispose();
        RecordCount = 0;
    }

    /// <summary>Takes over the properties of a batch that is to be written anew; all but the codec.</summary>
    internal void ContinueFrom(in BatchHeader header)
    {
        BaseOffset = header.BaseOffset;
        LeaderEpoch = header.LeaderEpoch;
        ProducerId = header.ProducerId;
        ProducerEpoch = header.ProducerEpoch;
        BaseSequence = header.BaseSequence;
        IsTransactional = header.IsTransactional;
        IsControl = header.IsControl;
        LogAppendTimeMs = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : null;
    }

    /// <summary>Makes room for a record and writes what precedes its key.</summary>
    private Span<byte> Begin(long timestampMs, int content, out int written)
    {
        if (RecordCount == 0)
        {
            ReserveHeader(_plain);
            _baseTimestamp = timestampMs;
            _maxTimestamp = timestampMs;
        }

        _maxTimestamp = Math.Max(_maxTimestamp, timestampMs);
        var delta = unchecked(timestampMs - _baseTimestamp);
        var length = checked(1 + Varint.Size(delta) + Varint.Size(RecordCount) + content);
        var record = _plain.GetSpan(checked(Varint.MaxIntBytes + length));
        written = Varint.Write(record, length);
        record[written++] = 0; // The record's own attributes: none are defined.
        written += Varint.Write(record[written..], delta);
        written += Varint.Write(record[written..], RecordCount);
        RecordCount++;
        return record;
    }

    private void WriteHeader(Span<byte> batch, CompressionType codec)
    {
        var attributes = (BatchAttributes)codec
            | (LogAppendTimeMs is null ? BatchAttributes.None : BatchAttributes.LogAppendTime)
            | (IsTransactional ? BatchAttributes.Transactional : BatchAttributes.None)
            | (IsControl ? BatchAttributes.Control : BatchAttributes.None);
        var empty = RecordCount == 0;
        BinaryPrimitives.WriteInt64BigEndian(batch, BaseOffset.Value);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.BatchLength..], batch.Length - BatchLayout.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.LeaderEpoch..], LeaderEpoch.Value);
        batch[BatchLayout.Magic] = BatchLayout.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[BatchLayout.Attributes..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.LastOffsetDelta..], RecordCount - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch[BatchLayout.BaseTimestamp..], empty ? -1 : _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(
            batch[BatchLayout.MaxTimestamp..], LogAppendTimeMs ?? (empty ? -1 : _maxTimestamp));
        BinaryPrimitives.WriteInt32BigEndian(batch[BatchLayout.RecordCount..], RecordCount);
        RecordBatch.SetProducer(batch, ProducerId, ProducerEpoch, BaseSequence);
    }

    private static ReadOnlyMemory<byte>? Nullable(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes;

    private static void ReserveHeader(RecordBuffer buffer)
    {
        buffer.Clear();
        buffer.GetSpan(BatchHeader.Length);
        buffer.Advance(BatchHeader.Length);
    }

    private static int FieldSize(ReadOnlyMemory<byte>? field) =>
        field is { } bytes ? checked(Varint.Size(bytes.Length) + bytes.Length) : Varint.Size(-1);

    private static void WriteField(Span<byte> record, ref int at, ReadOnlyMemory<byte>? field)
    {
        at += Varint.Write(record[at..], field?.Length ?? -1);
        if (field is { } bytes)
        {
            bytes.Span.CopyTo(record[at..]);
            at += bytes.Length;
        }
    }
}
