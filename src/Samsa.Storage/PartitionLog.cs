using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// The log of one partition: everything in one partition directory, in Kafka's layout. One writer at a time (calls that change the log exclude each
/// other by a lock of its own); reads run beside it without locks.
/// </summary>
public sealed class PartitionLog : IDisposable
{
    private readonly LogState _log;
    private readonly LogAppender _appender;
    private readonly LogReader _reader;
    private readonly LogFlusher _flusher;
    private readonly LogRetention _retention;

    private PartitionLog(LogState log, Action<PartitionLog>? rolled)
    {
        _log = log;
        _appender = new LogAppender(log);
        _reader = new LogReader(log);
        _flusher = new LogFlusher(log);
        _retention = new LogRetention(log);
        if (rolled is not null)
        {
            log.Rolled = () => rolled(this);
        }
    }

    /// <summary>The partition.</summary>
    public TopicPartition Partition => _log.Partition;

    /// <summary>The topic's id, as in <c>partition.metadata</c>; <see cref="TopicId.None"/> where that file is missing and no id was given.</summary>
    public TopicId TopicId => _log.TopicId;

    /// <summary>The partition's directory.</summary>
    public string Directory => _log.Files.Directory;

    /// <summary>The settings; may be replaced at any time.</summary>
    public LogConfig Config
    {
        get => _log.Config;
        set => _log.Config = value;
    }

    /// <summary>First offset that may be read.</summary>
    public Offset LogStartOffset => _log.LogStart;

    /// <summary>The offset the next record gets.</summary>
    public Offset LogEndOffset => _log.LogEnd;

    /// <summary>Everything below survives a power cut.</summary>
    /// <remarks>Truncation lowers it: write the recovery point checkpoint after one, lest recovery takes unsynced damage for damage to synced data.</remarks>
    public Offset RecoveryPoint => _log.RecoveryPoint;

    /// <summary>Everything below is on all in-sync replicas.</summary>
    public Offset HighWatermark => _log.HighWatermark;

    /// <summary>Everything below is decided: no open transaction, and below the high watermark.</summary>
    public Offset LastStableOffset
    {
        get
        {
            // In this order: a transaction's start is published before the high watermark can pass it.
            var highWatermark = _log.HighWatermark;
            return _log.Producers.FirstUndecided is { } undecided ? Offset.Min(undecided, highWatermark) : highWatermark;
        }
    }

    /// <summary>The epoch last assigned; <see cref="LeaderEpoch.None"/> when there was none.</summary>
    public LeaderEpoch LatestEpoch => _log.Epochs.Latest;

    /// <summary>Bytes of all segments' records.</summary>
    public long SizeInBytes
    {
        get
        {
            var size = 0L;
            foreach (var segment in _log.Segments)
            {
                size += segment.Size;
            }

            return size;
        }
    }

    /// <summary>When <see cref="Flush"/> last ended, or the log was opened; milliseconds since the epoch.</summary>
    public long LastFlushMs => _flusher.LastFlushMs;

    /// <summary>A sync failed, so what is on disk is unknown: reads and writes give KAFKA_STORAGE_ERROR until the log is opened anew.</summary>
    public bool IsOffline => _log.IsOffline;

    internal LogState State => _log;

    /// <summary>Opens a log, creating or recovering its directory as needed.</summary>
    /// <exception cref="LogCorruptException">There is damage that is no torn tail.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static PartitionLog Open(PartitionLogOptions options) => new(LogLoader.Load(options), options.SegmentRolled);

    /// <summary>
    /// Validates a producer's batch, gives it offsets, epoch and (LogAppendTime) time in the caller's buffer, and writes it. Nothing changes unless
    /// the write succeeded.
    /// </summary>
    /// <param name="records">Whole batches, patched in place.</param>
    /// <param name="epoch">The epoch of this leader.</param>
    /// <param name="origin">Who appends: <see cref="AppendOrigin.Client"/> or <see cref="AppendOrigin.Coordinator"/>.</param>
    public AppendOutcome AppendAsLeader(Memory<byte> records, LeaderEpoch epoch, AppendOrigin origin) =>
        _appender.AsLeader(records, epoch, origin);

    /// <summary>Writes batches fetched from the leader, as they are; one cut short at the end is left out.</summary>
    /// <returns><see cref="ErrorCode.None"/>, <see cref="ErrorCode.CorruptMessage"/>, <see cref="ErrorCode.OffsetOutOfRange"/> (not after the end of
    /// the log) or <see cref="ErrorCode.KafkaStorageError"/>.</returns>
    public ErrorCode AppendAsFollower(ReadOnlyMemory<byte> records) => _appender.AsFollower(records);

    /// <summary>Finds the batches from an offset on, of one segment. Safe beside the writer.</summary>
    /// <param name="from">The first record wanted; its batch may begin earlier.</param>
    /// <param name="maxBytes">The most bytes wanted.</param>
    /// <param name="upTo">The first offset not wanted, usually the high watermark or the last stable offset.</param>
    /// <param name="atLeastOneBatch">Give the first batch though it is larger than <paramref name="maxBytes"/>.</param>
    public ReadOutcome Read(Offset from, int maxBytes, Offset upTo, bool atLeastOneBatch) =>
        _reader.Read(from, maxBytes, upTo, atLeastOneBatch);

    /// <summary>The first record whose time is at or past the given one; looks at the whole log, also above the high watermark.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public TimestampLookup FindByTimestamp(long timestampMs) => new TimestampSearch(_log).Find(timestampMs);

    /// <summary>The first record with the latest time of all.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public TimestampLookup FindMaxTimestamp() => new TimestampSearch(_log).FindLatest();

    /// <summary>Where an epoch ended (KIP-101, KIP-279): the largest known epoch not above the requested one, and the start of the next.</summary>
    /// <returns>Epoch and offset -1 where the epoch is unknown.</returns>
    public (LeaderEpoch Epoch, Offset EndOffset) EndOffsetFor(LeaderEpoch requested) => _log.Epochs.EndOffsetFor(requested, LogEndOffset);

    /// <summary>The epoch of the record at an offset; <see cref="LeaderEpoch.None"/> where it is not known.</summary>
    public LeaderEpoch EpochAt(Offset offset) => _log.Epochs.EpochAt(offset);

    /// <summary>The aborted transactions with records in a range.</summary>
    /// <param name="from">The first offset read.</param>
    /// <param name="to">The offset after the last one read.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    public AbortedTransaction[] AbortedTransactionsIn(Offset from, Offset to)
    {
        List<AbortedTransaction>? found = null;
        var segments = _log.Segments;
        for (var i = Math.Max(0, LogState.Floor(segments, from)); i < segments.Length; i++)
        {
            foreach (var transaction in segments[i].Aborted())
            {
                if (transaction.LastOffset >= from && transaction.FirstOffset < to)
                {
                    (found ??= []).Add(transaction);
                }

                if (transaction.LastStableOffset >= to)
                {
                    // Whatever ended later began later as well.
                    return found?.ToArray() ?? [];
                }
            }
        }

        return found?.ToArray() ?? [];
    }

    /// <summary>The producers the log remembers, by id (KIP-664).</summary>
    public ActiveProducer[] ActiveProducers()
    {
        lock (_log.Writer)
        {
            return Array.ConvertAll(
                _log.Producers.ToSnapshot(),
                p => new ActiveProducer(p.Producer, p.Epoch, p.LastSequence, p.TimestampMs, p.CoordinatorEpoch, p.TransactionStart));
        }
    }

    /// <summary>
    /// A leader epoch begins at the end of the log; one not newer than the latest changes nothing. The file follows with
    /// the epoch's first record: an epoch without any says nothing about the log, and a start with thousands of
    /// partitions would replace thousands of files for it.
    /// </summary>
    public void AssignEpoch(LeaderEpoch epoch)
    {
        lock (_log.Writer)
        {
            if (epoch > _log.Epochs.Latest)
            {
                _log.Epochs.Assign(epoch, LogEndOffset);
            }
        }
    }

    /// <summary>Raises the high watermark; never above the log's end, and a lower value changes nothing.</summary>
    public void AdvanceHighWatermark(Offset to)
    {
        lock (_log.Writer)
        {
            var next = Offset.Min(to, LogEndOffset);
            if (next > HighWatermark)
            {
                _log.HighWatermark = next;
                _log.Producers.OnHighWatermark(next);
            }
        }
    }

    /// <summary>Removes the batches that hold the offset or any after it.</summary>
    /// <exception cref="IOException">The disk failed; the log is offline.</exception>
    public void TruncateTo(Offset offset) => Truncate(offset, LogTruncation.TruncateTo);

    /// <summary>Removes everything; the log is empty and begins at the offset.</summary>
    /// <exception cref="IOException">The disk failed; the log is offline.</exception>
    public void TruncateFullyAndStartAt(Offset offset) => Truncate(offset, LogTruncation.StartAt);

    /// <summary>Raises the first readable offset (DeleteRecords); at most to the high watermark. Segments go with the next retention run.</summary>
    public void AdvanceLogStartOffset(Offset to)
    {
        lock (_log.Writer)
        {
            var next = Offset.Min(to, HighWatermark);
            if (next > LogStartOffset)
            {
                _log.LogStart = next;
                _log.Epochs.TruncateFromStart(next);
                _log.TryPersistEpochs();
            }
        }
    }

    /// <summary>
    /// Syncs everything up to the log's end as it was at the call, then raises <see cref="RecoveryPoint"/>. May run beside the writer.
    /// </summary>
    /// <exception cref="IOException">The sync failed; the log is offline.</exception>
    public void Flush() => _flusher.Flush();

    /// <inheritdoc cref="LogFlusher.BeginShared"/>
    internal PendingFlush BeginFlush() => _flusher.BeginShared();

    /// <summary>
    /// Retention by time, size and log start offset. Files are renamed <c>.deleted</c> and removed by a later call, after
    /// <c>file.delete.delay.ms</c>. Also drops expired producers, and closes files that were not used since the last call.
    /// </summary>
    /// <returns>The segments removed from the log.</returns>
    /// <exception cref="IOException">The disk failed; the log is as before, less what was removed.</exception>
    public int DeleteExpiredSegments(long nowMs)
    {
        lock (_log.Writer)
        {
            if (_log.IsOffline || _log.IsClosed)
            {
                return 0;
            }

            _ = _log.Producers.RemoveExpired(nowMs, Config.ProducerIdExpirationMs);
            var deleted = _retention.DeleteExpired(nowMs);
            _retention.CloseIdleSegments();
            return deleted;
        }
    }

    /// <summary>Flushes and writes what lets the next open trust the files: index ends and producer snapshot. Then <see cref="Dispose"/>.</summary>
    /// <exception cref="IOException">The disk failed: the next open must not be told of a clean shutdown.</exception>
    public void CloseCleanly()
    {
        try
        {
            if (PrepareClose())
            {
                SyncClosed();
            }
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>
    /// First step of a clean close, for who closes many logs: writes everything and takes no more appends, but syncs nothing. Then either
    /// <see cref="SyncClosed"/>, or <see cref="BeginFlush"/> with a sync of the whole file system; then <see cref="Dispose"/>.
    /// </summary>
    /// <returns>Whether there is anything to sync.</returns>
    /// <exception cref="IOException">The disk failed: the next open must not be told of a clean shutdown.</exception>
    internal bool PrepareClose()
    {
        lock (_log.Writer)
        {
            if (_log.IsClosed)
            {
                return false;
            }

            _log.IsClosed = true;
            return _log.IsOffline
                ? throw new IOException($"The log of {Partition} is offline: nobody knows what of it is on the disk.")
                : LogCloser.Write(_log);
        }
    }

    /// <summary>Second step of a clean close, for this log alone.</summary>
    /// <exception cref="IOException">The disk failed: the next open must not be told of a clean shutdown.</exception>
    internal void SyncClosed()
    {
        Flush();
        lock (_log.Writer)
        {
            LogCloser.Sync(_log);
        }
    }

    /// <summary>Closes the files, without flushing. Slices stay readable until they are disposed.</summary>
    public void Dispose()
    {
        lock (_log.Writer)
        {
            _log.IsClosed = true;
            foreach (var segment in _log.Segments)
            {
                segment.Retire();
            }
        }
    }

    /// <summary>Closes the files for good: their directory failed.</summary>
    internal void Fail()
    {
        _log.IsOffline = true;
        Dispose();
    }

    private void Truncate(Offset offset, Action<LogState, Offset> truncate)
    {
        lock (_log.Writer)
        {
            try
            {
                truncate(_log, offset);
            }
            catch (IOException)
            {
                // Half of it may be done, and what memory knows no longer fits the files.
                _log.IsOffline = true;
                throw;
            }
        }
    }
}
