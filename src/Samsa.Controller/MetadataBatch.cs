using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>Metadata records in record batches: one change is one batch, which is what makes it atomic.</summary>
internal static class MetadataBatch
{
    // Far above any batch Kafka or Samsa writes; only compressed batches are bounded by it.
    private const int MaxDecompressedBytes = 256 * 1024 * 1024;

    /// <summary>Adds a record to the batch being built.</summary>
    public static void Append(this RecordBatchBuilder builder, IMetadataRecord record, long timestampMs) =>
        builder.Append(timestampMs, null, MetadataRecordCodec.Write(record));

    /// <summary>A control batch that holds one message of the quorum.</summary>
    public static byte[] Control(ControlRecordType type, IMessage message, short version, long timestampMs)
    {
        var value = new byte[message.ComputeSize(version)];
        var writer = new ProtocolWriter(value);
        message.Write(ref writer, version);
        return ControlRecord.ToBatch(type, value, timestampMs);
    }

    /// <summary>The type of a control batch; null where it holds none that can be read.</summary>
    public static ControlRecordType? TypeOf(in BatchView batch)
    {
        foreach (var record in RecordBatch.Records(batch.Bytes, MaxDecompressedBytes))
        {
            return ControlRecord.TryReadType(record.Key, out var type) ? type : null;
        }

        return null;
    }

    /// <summary>Reads a batch's records; they may keep slices of its bytes.</summary>
    /// <exception cref="LogCorruptException">The batch is damaged, or holds what this version does not know.</exception>
    public static List<IMetadataRecord> Read(in BatchView batch)
    {
        try
        {
            var records = new List<IMetadataRecord>(batch.Header.RecordCount);
            var isCompressed = batch.Header.Compression != CompressionType.None;
            foreach (var record in RecordBatch.Records(batch.Bytes, MaxDecompressedBytes))
            {
                // Decompressed bytes go back to a pool with the reader.
                var value = record.ValueMemory ?? default;
                records.Add(MetadataRecordCodec.Read(isCompressed ? value.ToArray() : value));
            }

            return records;
        }
        catch (Exception e) when (e is ProtocolException or InvalidRecordException)
        {
            throw new LogCorruptException($"Metadata batch at offset {batch.Header.BaseOffset} cannot be read: {e.Message}", e);
        }
    }
}
