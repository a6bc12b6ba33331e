using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// The log of one partition: everything in one partition directory, in Kafka's layout. One writer at a time (calls that change the log exclude each
/// other by a lock of its own); reads run beside it without locks.
/// </summary>
public sealed class PartitionLog : IDisposable
{
    private PartitionLog(PartitionLogOptions options)
    {
        Partition = options.Partition;
        TopicId = options.TopicId;
        Directory = options.Directory;
        Config = options.Config;
    }

    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The topic's id, as in <c>partition.metadata</c>.</summary>
    public TopicId TopicId { get; private set; }

    /// <summary>The partition's directory; changes with <see cref="MarkDeleted"/>.</summary>
    public string Directory { get; private set; }

    /// <summary>The settings; may be replaced at any time.</summary>
    public LogConfig Config { get; set; }

    /// <summary>First offset that may be read.</summary>
    public Offset LogStartOffset => throw new NotSupportedException();

    /// <summary>The offset the next record gets.</summary>
    public Offset LogEndOffset => throw new NotSupportedException();

    /// <summary>Everything below survives a power cut.</summary>
    public Offset RecoveryPoint => throw new NotSupportedException();

    /// <summary>Everything below is on all in-sync replicas.</summary>
    public Offset HighWatermark => throw new NotSupportedException();

    /// <summary>Everything below is decided: no open transaction, and below the high watermark.</summary>
    public Offset LastStableOffset => throw new NotSupportedException();

    /// <summary>The epoch last assigned; <see cref="LeaderEpoch.None"/> when there was none.</summary>
    public LeaderEpoch LatestEpoch => throw new NotSupportedException();

    /// <summary>Bytes of all segments' records.</summary>
    public long SizeInBytes => throw new NotSupportedException();

    /// <summary>When <see cref="Flush"/> last ended, or the log was opened; milliseconds since the epoch.</summary>
    public long LastFlushMs => throw new NotSupportedException();

    /// <summary>A sync failed, so what is on disk is unknown: reads and writes give KAFKA_STORAGE_ERROR until the log is opened anew.</summary>
    public bool IsOffline => throw new NotSupportedException();

    /// <summary>Opens a log, creating or recovering its directory as needed.</summary>
    /// <exception cref="LogCorruptException">There is damage that is no torn tail.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static PartitionLog Open(PartitionLogOptions options) => new(options);

    /// <summary>
    /// Validates a producer's batch, gives it offsets, epoch and (LogAppendTime) time in the caller's buffer, and writes it. Nothing changes unless
    /// the write succeeded.
    /// </summary>
    /// <param name="records">Whole batches, patched in place.</param>
    /// <param name="epoch">The epoch of this leader.</param>
    /// <param name="origin">Who appends.</param>
    public AppendOutcome AppendAsLeader(Memory<byte> records, LeaderEpoch epoch, AppendOrigin origin) => throw new NotSupportedException();

    /// <summary>Writes batches fetched from the leader, as they are.</summary>
    /// <returns><see cref="ErrorCode.None"/>, <see cref="ErrorCode.CorruptMessage"/>, <see cref="ErrorCode.OffsetOutOfRange"/> (not after the end of
    /// the log) or <see cref="ErrorCode.KafkaStorageError"/>.</returns>
    public ErrorCode AppendAsFollower(ReadOnlyMemory<byte> records) => throw new NotSupportedException();

    /// <summary>Finds the batches from an offset on, of one segment. Safe beside the writer.</summary>
    /// <param name="from">The first record wanted; its batch may begin earlier.</param>
    /// <param name="maxBytes">The most bytes wanted.</param>
    /// <param name="upTo">The first offset not wanted, usually the high watermark or the last stable offset.</param>
    /// <param name="atLeastOneBatch">Give the first batch though it is larger than <paramref name="maxBytes"/>.</param>
    public ReadOutcome Read(Offset from, int maxBytes, Offset upTo, bool atLeastOneBatch) => throw new NotSupportedException();

    /// <summary>The first record whose time is at or past the given one.</summary>
    public TimestampLookup FindByTimestamp(long timestampMs) => throw new NotSupportedException();

    /// <summary>The first record with the latest time of all.</summary>
    public TimestampLookup FindMaxTimestamp() => throw new NotSupportedException();

    /// <summary>Where an epoch ended (KIP-101, KIP-279): the largest known epoch not above the requested one, and the start of the next.</summary>
    /// <returns>Epoch and offset -1 where the epoch is unknown.</returns>
    public (LeaderEpoch Epoch, Offset EndOffset) EndOffsetFor(LeaderEpoch requested) => throw new NotSupportedException();

    /// <summary>The aborted transactions with records in a range.</summary>
    /// <param name="from">The first offset read.</param>
    /// <param name="to">The offset after the last one read.</param>
    public AbortedTransaction[] AbortedTransactionsIn(Offset from, Offset to) => throw new NotSupportedException();

    /// <summary>A leader epoch begins at the end of the log; one not newer than the latest changes nothing.</summary>
    public void AssignEpoch(LeaderEpoch epoch) => throw new NotSupportedException();

    /// <summary>Raises the high watermark; never above the log's end, and a lower value changes nothing.</summary>
    public void AdvanceHighWatermark(Offset to) => throw new NotSupportedException();

    /// <summary>Removes the batches that hold the offset or any after it.</summary>
    public void TruncateTo(Offset offset) => throw new NotSupportedException();

    /// <summary>Removes everything; the log is empty and begins at the offset.</summary>
    public void TruncateFullyAndStartAt(Offset offset) => throw new NotSupportedException();

    /// <summary>Raises the first readable offset (DeleteRecords); at most to the high watermark. Segments go with the next retention run.</summary>
    public void AdvanceLogStartOffset(Offset to) => throw new NotSupportedException();

    /// <summary>
    /// Syncs everything up to the log's end as it was at the call, then raises <see cref="RecoveryPoint"/>. May run beside the writer.
    /// </summary>
    /// <exception cref="IOException">The sync failed; the log is offline.</exception>
    public void Flush() => throw new NotSupportedException();

    /// <summary>
    /// Retention by time, size and log start offset. Files are renamed <c>.deleted</c> and removed by a later call, after
    /// <c>file.delete.delay.ms</c>. Also drops expired producers.
    /// </summary>
    /// <returns>The segments removed from the log.</returns>
    public int DeleteExpiredSegments(long nowMs) => throw new NotSupportedException();

    /// <summary>Renames the directory to <c>TOPIC-PARTITION.HEX-delete</c> and closes the log; the caller deletes the directory when it likes.</summary>
    /// <returns>The new path.</returns>
    public string MarkDeleted() => throw new NotSupportedException();

    /// <summary>Flushes and writes what lets the next open trust the files: index ends and producer snapshot. Then <see cref="Dispose"/>.</summary>
    /// <exception cref="IOException">The disk failed: the next open must not be told of a clean shutdown.</exception>
    public void CloseCleanly() => throw new NotSupportedException();

    /// <summary>Closes the files, without flushing. Slices stay readable until they are disposed.</summary>
    public void Dispose()
    {
    }
}
