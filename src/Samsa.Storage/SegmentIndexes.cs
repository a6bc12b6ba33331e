using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>
/// The two sparse indexes of a segment: kept in memory while in use, appended to their files now and then. They are never needed to be on disk:
/// what is missing or makes no sense is built anew from the batches.
/// </summary>
internal sealed class SegmentIndexes
{
    /// <summary>Entries gathered before they are written, so that an index costs no system call per append.</summary>
    private const int WriteBatch = 128;

    private int _offsetsWritten;
    private int _timesWritten;
    private bool _filesAreRight;
    private bool _filesAreSynced;
    private long _bytesSinceEntry;

    public SegmentIndexes()
        : this(new OffsetIndex(), new TimeIndex(), filesAreRight: false)
    {
    }

    private SegmentIndexes(OffsetIndex offsets, TimeIndex times, bool filesAreRight)
    {
        Offsets = offsets;
        Times = times;
        _filesAreRight = filesAreRight;
        _offsetsWritten = filesAreRight ? offsets.Count : 0;
        _timesWritten = filesAreRight ? times.Count : 0;
    }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public bool IsPersisted => _filesAreRight && _offsetsWritten == Offsets.Count && _timesWritten == Times.Count;

    public bool ShouldPersist => Offsets.Count - _offsetsWritten >= WriteBatch;

    /// <summary>Takes note of a batch; every <c>index.interval.bytes</c> it becomes an entry.</summary>
    /// <param name="header">The batch.</param>
    /// <param name="baseOffset">The segment's.</param>
    /// <param name="position">Where the batch starts.</param>
    /// <param name="interval"><c>index.interval.bytes</c>.</param>
    /// <param name="latest">The latest record time so far, this batch included.</param>
    public void Observe(in BatchHeader header, Offset baseOffset, long position, int interval, in SegmentTimes latest)
    {
        if (_bytesSinceEntry > interval)
        {
            Offsets.Add((int)(header.LastOffset - baseOffset), (int)position);
            Times.AddIfLater(latest.MaxTimestampMs, (int)(latest.OffsetOfMax - baseOffset));
            _bytesSinceEntry = 0;
        }

        _bytesSinceEntry += header.SizeInBytes;
    }

    /// <summary>No further batch enters before the indexes are used by a next start: the latest time gets its entry.</summary>
    public void AddFinalTime(in SegmentTimes latest, Offset baseOffset) =>
        Times.AddIfLater(latest.MaxTimestampMs, (int)(latest.OffsetOfMax - baseOffset));

    public bool IsFull(int maxBytes) =>
        Offsets.Count >= maxBytes / OffsetIndex.EntrySize || Times.Count >= (maxBytes / TimeIndex.EntrySize) - 1;

    public void Truncate(long position, long relativeOffset)
    {
        Offsets.TruncateToPosition(position);
        Times.TruncateToOffset(relativeOffset);
        _offsetsWritten = Math.Min(_offsetsWritten, Offsets.Count);
        _timesWritten = Math.Min(_timesWritten, Times.Count);
        _filesAreRight = false;
        _filesAreSynced = false;
        _bytesSinceEntry = 0;
    }

    /// <summary>Writes what the files lack.</summary>
    public void Persist(LogFiles files, Offset baseOffset)
    {
        if (IsPersisted)
        {
            return;
        }

        Write(files, files.PathOf(baseOffset, LogFiles.OffsetIndexSuffix), Offsets.Encode(_offsetsWritten), (long)_offsetsWritten * OffsetIndex.EntrySize);
        _offsetsWritten = Offsets.Count;
        Write(files, files.PathOf(baseOffset, LogFiles.TimeIndexSuffix), Times.Encode(_timesWritten), (long)_timesWritten * TimeIndex.EntrySize);
        _timesWritten = Times.Count;
        _filesAreRight = true;
        _filesAreSynced = false;
    }

    /// <summary>Makes the files durable; for segments that get no more batches, so that an unclean start need not read them.</summary>
    public void Sync(LogFiles files, Offset baseOffset)
    {
        if (_filesAreSynced || !IsPersisted)
        {
            return;
        }

        foreach (var suffix in (ReadOnlySpan<string>)[LogFiles.OffsetIndexSuffix, LogFiles.TimeIndexSuffix])
        {
            using var file = files.Disk.Open(files.PathOf(baseOffset, suffix), StorageOpenMode.ReadWrite);
            file.Sync();
        }

        _filesAreSynced = true;
    }

    /// <summary>Reads the index files; null where they are missing or cannot belong to a segment of that size.</summary>
    public static SegmentIndexes? Load(LogFiles files, Offset baseOffset, long segmentSize)
    {
        if (segmentSize == 0)
        {
            return new SegmentIndexes();
        }

        var offsetsPath = files.PathOf(baseOffset, LogFiles.OffsetIndexSuffix);
        var timesPath = files.PathOf(baseOffset, LogFiles.TimeIndexSuffix);
        if (!files.Disk.FileExists(offsetsPath) || !files.Disk.FileExists(timesPath))
        {
            return null;
        }

        var offsets = OffsetIndex.Decode(files.Disk.ReadAllBytes(offsetsPath), segmentSize);
        var times = TimeIndex.Decode(files.Disk.ReadAllBytes(timesPath));
        return offsets is null || times is null || times.Count == 0 ? null : new SegmentIndexes(offsets, times, filesAreRight: true);
    }

    private static void Write(LogFiles files, string path, ReadOnlySpan<byte> bytes, long position)
    {
        using var file = files.Disk.Open(path, StorageOpenMode.ReadWrite);
        if (file.Length > position)
        {
            file.SetLength(position);
        }

        if (bytes.Length > 0)
        {
            file.Write(bytes, position);
        }
    }
}

/// <summary>The latest record time of a segment and the last offset of the first batch that has it.</summary>
internal readonly record struct SegmentTimes(long MaxTimestampMs, Offset OffsetOfMax)
{
    public static SegmentTimes None => new(-1, Offset.Zero);

    public static SegmentTimes From(TimeIndex.Entry last, Offset baseOffset) =>
        last.TimestampMs < 0 ? None : new(last.TimestampMs, baseOffset + last.RelativeOffset);

    public SegmentTimes With(in BatchHeader header) =>
        header.MaxTimestamp > MaxTimestampMs ? new(header.MaxTimestamp, header.LastOffset) : this;
}
