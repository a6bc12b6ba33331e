using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>
/// The leader's check of what it is to append, with Kafka's error codes. Where it passes, timestamps have been settled in
/// place: append time if the rules say so, else the largest timestamp that the records really have. Base offset and leader
/// epoch remain for the log to set.
/// </summary>
public static class BatchValidator
{
    /// <summary>Checks the batches.</summary>
    /// <param name="records">Batches back to back; a cut short one at the end is ignored, as Kafka does.</param>
    /// <param name="rules">What is demanded.</param>
    /// <param name="nowMs">The broker's time in ms since the epoch.</param>
    public static BatchValidation Validate(Memory<byte> records, BatchRules rules, long nowMs)
    {
        try
        {
            return new Check(rules, nowMs).Run(records);
        }
        catch (InvalidRecordException e)
        {
            return BatchValidation.Refused(e.ErrorCode, e.Message);
        }
    }

    /// <summary>
    /// The size of the batch that the bytes start with, of whatever format version; 0 where they end before it does.
    /// </summary>
    /// <exception cref="InvalidRecordException">CORRUPT_MESSAGE: this cannot be a batch.</exception>
    private static int NextBatchSize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < BatchLayout.LogOverhead)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[BatchLayout.BatchLength..]);
        if (length < BatchLayout.SmallestLength)
        {
            throw new InvalidRecordException(
                ErrorCode.CorruptMessage,
                $"Found record size {length} smaller than minimum record overhead ({BatchLayout.SmallestLength}).");
        }

        if (bytes.Length <= BatchLayout.Magic)
        {
            return 0;
        }

        var magic = bytes[BatchLayout.Magic];
        if (magic > BatchLayout.CurrentMagic)
        {
            throw new InvalidRecordException(ErrorCode.CorruptMessage, $"Invalid magic found in record: {(sbyte)magic}");
        }

        return length <= bytes.Length - BatchLayout.LogOverhead ? length + BatchLayout.LogOverhead : 0;
    }

    /// <summary>One run of the check.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Check(BatchRules rules, long nowMs)
    {
        private int _batches;
        private int _records;
        private int _validBytes;
        private long _maxTimestamp = long.MinValue;
        private int _batchOfMaxTimestamp;
        private bool _needsRewrite;
        private BatchHeader _first;
        private BatchHeader _last;

        internal BatchValidation Run(Memory<byte> records)
        {
            int size;
            while ((size = NextBatchSize(records.Span[_validBytes..])) > 0)
            {
                if (_batches == 1 && !rules.AllowMultipleBatches)
                {
                    return BatchValidation.Refused(
                        ErrorCode.InvalidRecord, "Produce requests must contain exactly one record batch per partition");
                }

                if (One(records.Slice(_validBytes, size)) is { } refusal)
                {
                    return refusal;
                }

                _validBytes += size;
            }

            if (_batches == 0)
            {
                return BatchValidation.Refused(ErrorCode.InvalidRecord, "There is no whole record batch");
            }

            return _validBytes > rules.MaxSegmentBytes
                ? BatchValidation.Refused(
                    ErrorCode.RecordListTooLarge,
                    $"{_validBytes} bytes are more than a segment may have, {rules.MaxSegmentBytes}")
                : Passed();
        }

        private BatchValidation? One(Memory<byte> batch)
        {
            if (HeaderRefusal(batch.Span, out var header) is { } refusal)
            {
                return refusal;
            }

            var checks = new RecordChecks(rules, header, nowMs);
            RecordWalk.Run(header, batch[BatchHeader.Length..], rules.MaxDecompressedBytes, ref checks);
            if (checks.Refusal() is { } recordRefusal)
            {
                return recordRefusal;
            }

            SettleTimestamps(batch.Span, ref header, checks.MaxTimestamp);
            var recompress = rules.TargetCompression is { } target && target != header.Compression && !header.IsControl;
            _needsRewrite |= recompress || checks.HasGaps;
            Count(header);
            return null;
        }

        private readonly BatchValidation? HeaderRefusal(ReadOnlySpan<byte> batch, out BatchHeader header)
        {
            header = default;
            if (batch[BatchLayout.Magic] < BatchLayout.CurrentMagic)
            {
                return BatchValidation.Refused(
                    ErrorCode.UnsupportedForMessageFormat,
                    $"Message format version {batch[BatchLayout.Magic]} is not supported; version 2 is");
            }

            if (!BatchHeader.TryRead(batch, out header))
            {
                return BatchValidation.Refused(
                    ErrorCode.CorruptMessage, $"A batch of {batch.Length} bytes is smaller than its header");
            }

            if (rules.IsClient && header.BaseOffset != Offset.Zero)
            {
                return BatchValidation.Refused(
                    ErrorCode.InvalidRecord, $"The base offset of a batch must be 0, but it is {header.BaseOffset}");
            }

            if (batch.Length > rules.MaxMessageBytes)
            {
                return BatchValidation.Refused(
                    ErrorCode.MessageTooLarge,
                    $"The record batch size is {batch.Length} bytes, more than max.message.bytes, {rules.MaxMessageBytes}");
            }

            if (!RecordBatch.IsCrcValid(batch))
            {
                return BatchValidation.Refused(ErrorCode.CorruptMessage, "The record batch's checksum is wrong");
            }

            return ContentRefusal(header);
        }

        private readonly BatchValidation? ContentRefusal(in BatchHeader header)
        {
            if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
            {
                return BatchValidation.Refused(
                    ErrorCode.InvalidRecord,
                    $"Inconsistent batch: last offset delta {header.LastOffsetDelta}, {header.RecordCount} records");
            }

            if (!header.Compression.IsKnown())
            {
                return BatchValidation.Refused(
                    ErrorCode.UnsupportedCompressionType, $"There is no compression codec {(byte)header.Compression}");
            }

            return rules.IsClient ? ClientRefusal(header) : null;
        }

        private readonly BatchValidation? ClientRefusal(in BatchHeader header)
        {
            if (header.IsControl)
            {
                return BatchValidation.Refused(ErrorCode.InvalidRecord, "Clients are not allowed to write control records");
            }

            if (header.HasProducerId && header.BaseSequence < 0)
            {
                return BatchValidation.Refused(
                    ErrorCode.InvalidRecord,
                    $"Invalid sequence number {header.BaseSequence} in record batch with producerId {header.ProducerId}");
            }

            // Where create time rules, Kafka takes such a batch and clears the bit.
            return header.TimestampType == TimestampType.LogAppendTime && rules.TimestampType == TimestampType.LogAppendTime
                ? BatchValidation.Refused(
                    ErrorCode.InvalidTimestamp, "A producer should not set the timestamp type to LogAppendTime")
                : null;
        }

        private readonly void SettleTimestamps(Span<byte> batch, ref BatchHeader header, long maxTimestamp)
        {
            var settled = rules.TimestampType == TimestampType.LogAppendTime ? nowMs : maxTimestamp;
            if (header.TimestampType != rules.TimestampType || header.MaxTimestamp != settled)
            {
                RecordBatch.SetMaxTimestamp(batch, rules.TimestampType, settled);
                Invariant.Holds(BatchHeader.TryRead(batch, out header));
            }
        }

        private void Count(in BatchHeader header)
        {
            if (header.MaxTimestamp > _maxTimestamp)
            {
                _maxTimestamp = header.MaxTimestamp;
                _batchOfMaxTimestamp = _batches;
            }

            if (_batches == 0)
            {
                _first = header;
            }

            _last = header;
            _records += header.RecordCount;
            _batches++;
        }

        private readonly BatchValidation Passed() => new()
        {
            ValidBytes = _validBytes,
            BatchCount = _batches,
            First = _first,
            Last = _last,
            RecordCount = _records,
            MaxTimestamp = _maxTimestamp,
            BatchOfMaxTimestamp = _batchOfMaxTimestamp,
            LogAppendTimeMs = rules.TimestampType == TimestampType.LogAppendTime ? nowMs : -1,
            NeedsRewrite = _needsRewrite,
        };
    }
}
