using System.Buffers;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>Walks all records of a batch whose header has been checked, compressed ones in a window of bounded size.</summary>
internal static class RecordWalk
{
    /// <summary>Feeds every record to the checks.</summary>
    /// <exception cref="InvalidRecordException">A record is malformed, or there are more or fewer than claimed.</exception>
    internal static void Run(
        in BatchHeader header, ReadOnlyMemory<byte> records, int maxDecompressedBytes, ref RecordChecks checks)
    {
        if (header.Compression == CompressionType.None)
        {
            Plain(header, records.Span, ref checks);
        }
        else
        {
            Compressed(header, records, maxDecompressedBytes, ref checks);
        }
    }

    private static void Plain(in BatchHeader header, ReadOnlySpan<byte> records, ref RecordChecks checks)
    {
        var position = 0;
        for (var i = 0; i < header.RecordCount; i++)
        {
            RecordLayout.Parse(records, position, out var record);
            checks.Add(record.TimestampDelta, record.OffsetDelta, record.KeyLength >= 0);
            position = record.End;
        }

        if (position != records.Length)
        {
            throw BytesLeft(header.RecordCount);
        }
    }

    private static void Compressed(
        in BatchHeader header, ReadOnlyMemory<byte> records, int maxDecompressedBytes, ref RecordChecks checks)
    {
        var window = ArrayPool<byte>.Shared.Rent(RecordStream.WindowSize);
        var decoder = RecordDecompression.Rent(header.Compression);
        try
        {
            decoder.Open(records);
            var stream = new RecordStream(decoder, window, maxDecompressedBytes);
            for (var i = 0; i < header.RecordCount; i++)
            {
                stream.ReadRecord(ref checks);
            }

            if (!stream.IsAtEnd())
            {
                throw BytesLeft(header.RecordCount);
            }
        }
        finally
        {
            RecordDecompression.Return(header.Compression, decoder);
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private static InvalidRecordException BytesLeft(int count) =>
        new(ErrorCode.InvalidRecord, $"Bytes follow the last of the {count} records that the batch claims");
}
