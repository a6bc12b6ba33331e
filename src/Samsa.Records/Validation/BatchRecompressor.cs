using Samsa.Model;

namespace Samsa.Records;

/// <summary>
/// Rewrites batches that cannot be stored as they came: with the codec that <c>compression.type</c> demands, and with
/// consecutive offsets. Everything else in the header stays; control batches are copied.
/// </summary>
public static class BatchRecompressor
{
    /// <summary>Rewrites batches that <see cref="BatchValidator"/> passed with <see cref="BatchValidation.NeedsRewrite"/>.</summary>
    /// <param name="records">The valid bytes.</param>
    /// <param name="rules">Codec, level and bounds.</param>
    /// <param name="output">Receives the new batches; cleared first.</param>
    /// <returns>None; MESSAGE_TOO_LARGE or RECORD_LIST_TOO_LARGE where the result no longer fits.</returns>
    /// <exception cref="InvalidRecordException">The batches were not validated.</exception>
    public static ErrorCode Rewrite(ReadOnlyMemory<byte> records, BatchRules rules, RecordBuffer output)
    {
        output.Clear();
        using var builder = new RecordBatchBuilder();
        foreach (var (header, _, bytes) in RecordBatch.Enumerate(records))
        {
            if (header.IsControl)
            {
                output.Write(bytes.Span);
                continue;
            }

            var batch = RewriteOne(header, bytes, rules, builder);
            if (batch.Length > rules.MaxMessageBytes)
            {
                return ErrorCode.MessageTooLarge;
            }

            output.Write(batch);
        }

        return output.Length > rules.MaxSegmentBytes ? ErrorCode.RecordListTooLarge : ErrorCode.None;
    }

    private static ReadOnlySpan<byte> RewriteOne(
        in BatchHeader header, ReadOnlyMemory<byte> bytes, BatchRules rules, RecordBatchBuilder builder)
    {
        builder.Clear();
        builder.ContinueFrom(header);
        builder.Compression = rules.TargetCompression ?? header.Compression;
        builder.CompressionLevel = rules.CompressionLevel;
        foreach (var record in RecordBatch.Records(bytes, rules.MaxDecompressedBytes))
        {
            builder.Append(record);
        }

        return builder.Build().Span;
    }
}
