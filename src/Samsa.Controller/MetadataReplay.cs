using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>Gives a listener the whole metadata: the latest snapshot that is whole, then the log behind it.</summary>
internal sealed class MetadataReplay(LocalMetadataLogOptions options, string directory, IMetadataListener listener)
{
    private const int ReadBytes = 4 * 1024 * 1024;

    private readonly IFileSystem _files = options.FileSystem;

    // Records of a metadata transaction (KIP-868) whose end has not been seen; null outside of one.
    private List<IMetadataRecord>? _transaction;

    /// <summary>Bytes of log that were read behind the snapshot.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The latest time in the log.</summary>
    public long LastTimestampMs { get; private set; } = -1;

    /// <summary>The log ends within a metadata transaction, which now can only be aborted.</summary>
    public bool EndsInTransaction => _transaction is not null;

    /// <summary>Loads the latest snapshot that can be read and from which the log goes on without a gap.</summary>
    /// <returns>The snapshot; null where there is none, and the log must begin at 0.</returns>
    /// <exception cref="LogCorruptException">Snapshots and log leave a gap: records are lost.</exception>
    public SnapshotId? LoadSnapshot(Offset logStart)
    {
        LogCorruptException? damage = null;
        foreach (var id in SnapshotsIn(_files, directory).OrderByDescending(s => s.End).TakeWhile(s => s.End >= logStart))
        {
            try
            {
                var records = MetadataSnapshotFile.Read(_files, directory, id);
                listener.Load(id.End, records);
                return id;
            }
            catch (LogCorruptException e)
            {
                ControllerEvents.SnapshotDamaged(options.Logger, id.FileName, e.Message);
                damage = e;
            }
        }

        return logStart == Offset.Zero
            ? null
            : throw new LogCorruptException(
                $"The metadata log in {directory} begins at offset {logStart} and no snapshot leads there: {damage?.Message ?? "there is none"}");
    }

    /// <summary>Applies the log from an offset to its end.</summary>
    /// <exception cref="LogCorruptException">A batch cannot be read.</exception>
    public void Apply(PartitionLog log, Offset from)
    {
        while (from < log.LogEndOffset)
        {
            var outcome = log.Read(from, ReadBytes, log.LogEndOffset, atLeastOneBatch: true);
            if (outcome.Error != ErrorCode.None || outcome.Slice is null)
            {
                throw new LogCorruptException($"The metadata log in {directory} cannot be read at offset {from}: {outcome.Error}");
            }

            byte[] bytes;
            using (outcome.Slice)
            {
                bytes = new byte[outcome.Slice.Length];
                outcome.Slice.CopyTo(bytes);
            }

            BytesRead += bytes.Length;
            from = Deliver(bytes, from);
        }
    }

    /// <summary>The snapshots in a directory.</summary>
    public static IEnumerable<SnapshotId> SnapshotsIn(IFileSystem files, string directory)
    {
        foreach (var file in files.ListFiles(directory))
        {
            if (SnapshotId.TryParse(file.Name, out var id))
            {
                yield return id;
            }
        }
    }

    /// <summary>Applies whole batches from an offset on.</summary>
    /// <param name="bytes">The batches; records keep slices of them.</param>
    /// <param name="from">The first offset that is not applied yet.</param>
    /// <returns>The offset after them.</returns>
    /// <exception cref="LogCorruptException">A batch cannot be read.</exception>
    public Offset Deliver(byte[] bytes, Offset from)
    {
        foreach (var batch in RecordBatch.Enumerate(bytes))
        {
            // A snapshot may end within a batch of Kafka's; it never does within one of Samsa's.
            if (batch.Header.LastOffset < from)
            {
                continue;
            }

            if (!batch.Header.IsControl)
            {
                var records = MetadataBatch.Read(batch);
                var known = from - batch.Header.BaseOffset;
                Deliver(batch.Header.LastOffset, known > 0 ? records.GetRange((int)known, records.Count - (int)known) : records);
            }

            LastTimestampMs = Math.Max(LastTimestampMs, batch.Header.MaxTimestamp);
            from = batch.Header.NextOffset;
        }

        return from;
    }

    private void Deliver(Offset last, List<IMetadataRecord> records)
    {
        var whole = records;
        if (_transaction is not null || records.Exists(static r => r is BeginTransactionRecord or EndTransactionRecord or AbortTransactionRecord))
        {
            whole = [];
            foreach (var record in records)
            {
                Sort(record, whole);
            }
        }

        if (whole.Count > 0)
        {
            listener.Apply(last, whole);
        }
    }

    private void Sort(IMetadataRecord record, List<IMetadataRecord> whole)
    {
        switch (record)
        {
            case BeginTransactionRecord:
                _transaction = [];
                break;
            case EndTransactionRecord:
                whole.AddRange(_transaction ?? []);
                _transaction = null;
                break;
            case AbortTransactionRecord:
                _transaction = null;
                break;
            default:
                (_transaction ?? whole).Add(record);
                break;
        }
    }
}
