using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>
/// A snapshot of the metadata on disk, in Kafka's layout (KIP-630): a control batch with the header, batches of records,
/// a control batch with the footer. A file without its footer is no snapshot.
/// </summary>
internal static class MetadataSnapshotFile
{
    private const int BatchBytes = 1024 * 1024;

    /// <summary>Writes a snapshot so that it is there wholly and durably, or not at all.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The metadata log's directory.</param>
    /// <param name="id">What it stands for.</param>
    /// <param name="lastTimestampMs">The time of the last change in it.</param>
    /// <param name="records">The state as records.</param>
    /// <param name="nowMs">The time of writing.</param>
    /// <returns>The file's size.</returns>
    /// <exception cref="IOException">The disk failed or is full; there is no such snapshot.</exception>
    public static long Write(
        IFileSystem files, string directory, SnapshotId id, long lastTimestampMs, IEnumerable<IMetadataRecord> records, long nowMs)
    {
        var part = Path.Join(directory, id.PartFileName);
        long size;
        using (var file = files.Open(part, StorageOpenMode.Truncate))
        {
            var output = new BatchOutput(file, id.Epoch);
            output.Write(MetadataBatch.Control(
                ControlRecordType.SnapshotHeader, new SnapshotHeaderRecord { LastContainedLogTimestamp = lastTimestampMs }, 0, nowMs));
            using var builder = new RecordBatchBuilder();
            foreach (var record in records)
            {
                builder.Append(record, nowMs);
                if (builder.UncompressedSizeInBytes >= BatchBytes)
                {
                    output.Write(builder.Build());
                    builder.Clear();
                }
            }

            if (builder.RecordCount > 0)
            {
                output.Write(builder.Build());
            }

            output.Write(MetadataBatch.Control(ControlRecordType.SnapshotFooter, new SnapshotFooterRecord(), 0, nowMs));
            file.Sync();
            size = output.Position;
        }

        files.Rename(part, Path.Join(directory, id.FileName));
        files.SyncDirectory(directory);
        return size;
    }

    /// <summary>Reads a snapshot's records.</summary>
    /// <exception cref="LogCorruptException">The file is damaged or cut short.</exception>
    public static List<IMetadataRecord> Read(IFileSystem files, string directory, SnapshotId id)
    {
        var path = Path.Join(directory, id.FileName);
        var bytes = files.ReadAllBytes(path);
        var records = new List<IMetadataRecord>();
        var ended = false;
        var started = false;
        var batches = RecordBatch.Enumerate(bytes);
        while (batches.MoveNext())
        {
            var batch = batches.Current;
            if (ended || !RecordBatch.IsCrcValid(batch.Bytes.Span))
            {
                throw new LogCorruptException($"Snapshot {path} is damaged at byte {batch.Position}");
            }

            var control = batch.Header.IsControl ? MetadataBatch.TypeOf(batch) : null;
            started |= control == ControlRecordType.SnapshotHeader;
            ended = control == ControlRecordType.SnapshotFooter;
            if (!batch.Header.IsControl)
            {
                records.AddRange(MetadataBatch.Read(batch));
            }
        }

        return started && ended && batches.Position == bytes.Length
            ? records
            : throw new LogCorruptException($"Snapshot {path} is cut short: {batches.Position} of {bytes.Length} bytes are whole batches");
    }

    /// <summary>Numbers batches and writes them one behind the other.</summary>
    private sealed class BatchOutput(IStorageFile file, LeaderEpoch epoch)
    {
        private Offset _next = Offset.Zero;

        public long Position { get; private set; }

        public void Write(Memory<byte> batch)
        {
            RecordBatch.SetBaseOffset(batch.Span, _next);
            RecordBatch.SetLeaderEpoch(batch.Span, epoch);
            Invariant.Holds(BatchHeader.TryRead(batch.Span, out var header));
            file.Write(batch.Span, Position);
            Position += batch.Length;
            _next = header.NextOffset;
        }
    }
}
