using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>
/// The metadata on a node's disk: committed records in a log of Kafka's format, and snapshots. It gives a listener all of it, in order.
/// </summary>
internal sealed class MetadataStore : IMetadataReader
{
    private static readonly TopicPartition s_partition = new(TopicName.ClusterMetadata, 0);

    private readonly LocalMetadataLogOptions _options;
    private readonly IMetadataListener _listener;
    private readonly string _directory;
    private readonly MetadataReplay _replay;
    private MetadataSnapshots _snapshots;

    private MetadataStore(LocalMetadataLogOptions options, IMetadataListener listener, PartitionLog log)
    {
        (_options, _listener, Log) = (options, listener, log);
        _directory = DirectoryOf(options);
        _replay = new MetadataReplay(options, _directory, listener);
        _snapshots = new MetadataSnapshots(options, _directory, listener, 0);
    }

    /// <summary>The log; all in it is committed.</summary>
    public PartitionLog Log { get; }

    /// <summary>The snapshot that was loaded first; null where there was none.</summary>
    public SnapshotId? Loaded { get; private set; }

    /// <summary>The log ends within a metadata transaction (KIP-868).</summary>
    public bool EndsInTransaction => _replay.EndsInTransaction;

    /// <summary>The epoch of the last record, be it only in a snapshot; -1 where there is none.</summary>
    public LeaderEpoch LastEpoch => Log.LatestEpoch.Value >= 0 ? Log.LatestEpoch : Loaded?.Epoch ?? LeaderEpoch.None;

    /// <inheritdoc/>
    public Offset LogStartOffset => Log.LogStartOffset;

    /// <inheritdoc/>
    public Offset CommittedEnd => Log.HighWatermark;

    /// <inheritdoc/>
    public MetadataSnapshotId? LatestSnapshot =>
        MetadataReplay.SnapshotsIn(_options.FileSystem, _directory).OrderByDescending(s => s.End).Select(s => (MetadataSnapshotId?)new MetadataSnapshotId(s.End, s.Epoch)).FirstOrDefault();

    /// <summary>Where the log and its snapshots are.</summary>
    public static string DirectoryOf(LocalMetadataLogOptions options) => Path.Join(options.LogDirectory, s_partition.ToString());

    /// <summary>Opens log and snapshots, and replays them to the listener. Blocks.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="listener">Who is told.</param>
    /// <param name="everyAppendIsSynced">Whether more than the last batch may be torn only by damage.</param>
    /// <exception cref="LogCorruptException">Records are lost.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static MetadataStore Open(LocalMetadataLogOptions options, IMetadataListener listener, bool everyAppendIsSynced)
    {
        SweepLeftovers(options);
        var store = new MetadataStore(options, listener, OpenLog(options, everyAppendIsSynced));
        try
        {
            store.Replay();
            return store;
        }
        catch
        {
            store.Log.Dispose();
            throw;
        }
    }

    /// <summary>Appends committed batches that have their offsets and epochs, and applies them.</summary>
    /// <returns>Whether a snapshot was taken behind them.</returns>
    /// <exception cref="IOException">They are damaged or do not continue the log, or the disk failed.</exception>
    public bool Append(ReadOnlyMemory<byte> batches, bool sync)
    {
        var from = Log.LogEndOffset;

        // Records that were read keep slices of their bytes: those must stay.
        var kept = batches.ToArray();
        if (Log.AppendAsFollower(kept) is var error && error != ErrorCode.None)
        {
            throw new IOException($"Metadata cannot be appended at offset {from}: {error}");
        }

        if (sync)
        {
            Log.Flush();
        }

        Log.AdvanceHighWatermark(Log.LogEndOffset);
        _replay.Deliver(kept, from);
        return _snapshots.Appended(Log, kept.Length, Log.LatestEpoch, _replay.LastTimestampMs);
    }

    /// <summary>A change of this node itself was appended to the log and applied.</summary>
    public void Appended(int bytes, LeaderEpoch epoch, long timestampMs) => _snapshots.Appended(Log, bytes, epoch, timestampMs);

    /// <summary>Puts a snapshot in the place of everything here, and applies it.</summary>
    /// <exception cref="IOException">It is damaged, or the disk failed.</exception>
    public void Install(MetadataSnapshotId id, ReadOnlyMemory<byte> file)
    {
        var files = _options.FileSystem;
        var name = new SnapshotId(id.End, id.Epoch);
        var part = Path.Join(_directory, name.PartFileName);
        using (var output = files.Open(part, StorageOpenMode.Truncate))
        {
            output.Write(file.Span, 0);
            output.Sync();
        }

        files.Rename(part, Path.Join(_directory, name.FileName));
        files.SyncDirectory(_directory);
        var records = MetadataSnapshotFile.Read(files, _directory, name);
        Log.TruncateFullyAndStartAt(id.End);
        Log.AdvanceHighWatermark(id.End);
        _listener.Load(id.End, records);
        Loaded = name;
        foreach (var old in MetadataReplay.SnapshotsIn(files, _directory).Where(s => s != name).ToArray())
        {
            files.DeleteFile(Path.Join(_directory, old.FileName));
        }

        ControllerEvents.SnapshotInstalled(_options.Logger, name.FileName, file.Length);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Read(Offset from, int maxBytes)
    {
        var end = CommittedEnd;
        if (from == end)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (from < LogStartOffset || from > end)
        {
            return null;
        }

        var outcome = Log.Read(from, maxBytes, end, atLeastOneBatch: true);
        if (outcome.Slice is not { } slice)
        {
            return outcome.Error == ErrorCode.KafkaStorageError ? throw new IOException("The metadata log cannot be read") : null;
        }

        using (slice)
        {
            var bytes = new byte[slice.Length];
            slice.CopyTo(bytes);
            return bytes;
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? ReadSnapshot(MetadataSnapshotId id, long position, int maxBytes, out long size)
    {
        size = 0;
        var path = Path.Join(_directory, new SnapshotId(id.End, id.Epoch).FileName);
        if (!_options.FileSystem.FileExists(path))
        {
            return null;
        }

        using var file = _options.FileSystem.Open(path, StorageOpenMode.Read);
        size = file.Length;
        if (position < 0 || position > size || maxBytes < 0)
        {
            return null;
        }

        var bytes = new byte[(int)Math.Min(size - position, maxBytes)];
        var read = file.Read(bytes, position);
        return bytes.AsMemory(0, read);
    }

    /// <summary>The snapshot as of the log's end: taken now unless there is one.</summary>
    /// <exception cref="IOException">The disk failed or is full.</exception>
    public MetadataSnapshotId TakeSnapshot() => _snapshots.TakeNow(Log, LastEpoch, _replay.LastTimestampMs);

    /// <summary>Flushes and closes the log.</summary>
    public void Close()
    {
        try
        {
            Log.CloseCleanly();
        }
        catch (IOException e)
        {
            ControllerEvents.CloseFailed(_options.Logger, e);
        }

        Log.Dispose();
    }

    private void Replay()
    {
        Loaded = _replay.LoadSnapshot(Log.LogStartOffset);
        if (Loaded is { } s && s.End > Log.LogEndOffset)
        {
            // A copied snapshot without its log, or a log of Kafka's bootstrap: it goes on where the snapshot ends.
            Log.TruncateFullyAndStartAt(s.End);
        }

        _replay.Apply(Log, Loaded?.End ?? Offset.Zero);
        Log.AdvanceHighWatermark(Log.LogEndOffset);
        _snapshots = new MetadataSnapshots(_options, _directory, _listener, _replay.BytesRead);
    }

    private static void SweepLeftovers(LocalMetadataLogOptions options)
    {
        var (files, directory) = (options.FileSystem, DirectoryOf(options));
        foreach (var file in files.DirectoryExists(directory) ? files.ListFiles(directory) : [])
        {
            if (SnapshotId.IsLeftover(file.Name))
            {
                files.DeleteFile(Path.Join(directory, file.Name));
            }
        }
    }

    private static PartitionLog OpenLog(LocalMetadataLogOptions options, bool everyAppendIsSynced)
    {
        var directory = DirectoryOf(options);
        var isNew = !options.FileSystem.DirectoryExists(directory);
        var log = PartitionLog.Open(new PartitionLogOptions
        {
            FileSystem = options.FileSystem,
            Directory = directory,
            Partition = s_partition,
            TopicId = TopicId.ClusterMetadata,
            Config = new LogConfig
            {
                SegmentBytes = options.SegmentBytes,
                SegmentMs = long.MaxValue,
                RetentionMs = -1,
                MaxMessageBytes = int.MaxValue,
                TimestampAfterMaxMs = long.MaxValue,
                FileDeleteDelayMs = 0,
            },
            EveryAppendIsSynced = everyAppendIsSynced,
            TimeProvider = options.TimeProvider,
            Logger = options.Logger,
        });
        if (isNew)
        {
            options.FileSystem.SyncDirectory(options.LogDirectory);
        }

        return log;
    }
}
