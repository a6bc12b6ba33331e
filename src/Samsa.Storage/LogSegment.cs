using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>One segment: a file of batches and its indexes, opened when first needed. One writer, any number of readers.</summary>
internal sealed class LogSegment
{
    private readonly LogFiles _files;
    private readonly Lock _opening = new();
    private SegmentEnd _end;
    private SharedFile? _shared;
    private SegmentIndexes? _indexes;
    private AbortedTransaction[]? _aborted;
    private ReadHint? _hint;
    private long _firstTimestampMs = long.MinValue;
    private int _generation;
    private long _version = 1;
    private long _syncedVersion;
    private bool _tailIsDirty;
    private bool _used;
    private bool _abortedIsUnwritten;

    public LogSegment(LogFiles files, Offset baseOffset, SegmentEnd end, long createdMs)
    {
        _files = files;
        _end = end;
        BaseOffset = baseOffset;
        CreatedMs = createdMs;
    }

    public Offset BaseOffset { get; }

    /// <summary>When the segment was begun, or its file last written before this start.</summary>
    public long CreatedMs { get; }

    public SegmentEnd End => Volatile.Read(ref _end);

    public int Size => End.Position;

    /// <summary>Whether batches were appended or removed since the segment was opened, or it is new.</summary>
    public bool IsTouched => _version > 1 || _indexes is { IsPersisted: false };

    /// <summary>Whether the segment was taken out of the log; its files may be gone.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Changes with every truncation; a position found before one means nothing after it.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public string Path => _files.PathOf(BaseOffset, LogFiles.LogSuffix);

    /// <summary>Creates the file of a new segment, empty.</summary>
    public static LogSegment Create(LogFiles files, Offset baseOffset, LogConfig config, long nowMs)
    {
        var segment = new LogSegment(files, baseOffset, new SegmentEnd(baseOffset, 0, SegmentTimes.None), nowMs) { _indexes = new SegmentIndexes() };
        var file = files.Disk.Open(segment.Path, StorageOpenMode.Truncate);
        segment._shared = new SharedFile(file);
        if (config.Preallocate)
        {
            file.Reserve(config.SegmentBytes);
        }

        return segment;
    }

    /// <summary>The open file; the caller releases it.</summary>
    public SharedFile Acquire()
    {
        _used = true;
        if (Volatile.Read(ref _shared) is { } open && open.TryAcquire())
        {
            return open;
        }

        lock (_opening)
        {
            if (_shared is null || !_shared.TryAcquire())
            {
                if (IsRetired)
                {
                    throw new FileNotFoundException("The segment was removed.", Path);
                }

                var shared = new SharedFile(_files.Disk.Open(Path, StorageOpenMode.Existing));
                _ = shared.TryAcquire();
                Volatile.Write(ref _shared, shared);
                return shared;
            }

            return _shared;
        }
    }

    /// <summary>The indexes, read from their files, or built anew, when first needed.</summary>
    public SegmentIndexes Indexes()
    {
        _used = true;
        if (Volatile.Read(ref _indexes) is { } loaded)
        {
            return loaded;
        }

        lock (_opening)
        {
            if (_indexes is null)
            {
                Volatile.Write(ref _indexes, SegmentIndexes.Load(_files, BaseOffset, Size) ?? SegmentIndexBuilder.Build(this));
            }

            return _indexes;
        }
    }

    /// <summary>Whether offsets up to the given one fit the 4 bytes that indexes have for them.</summary>
    public bool CanHold(Offset last) => last - BaseOffset is >= 0 and <= int.MaxValue;

    /// <summary>Writes batches at the end. Where that fails the segment is as before.</summary>
    /// <exception cref="IOException">Nothing was appended.</exception>
    public void Append(ReadOnlyMemory<byte> records, int indexInterval)
    {
        var indexes = Indexes();
        var times = Times();
        var shared = Acquire();
        var start = End.Position;
        try
        {
            CutDirtyTail(shared.File, start);
            Write(shared.File, records.Span, start);
        }
        finally
        {
            shared.Release();
        }

        Offset next = default;
        foreach (var batch in RecordBatch.Enumerate(records))
        {
            times = times.With(batch.Header);
            indexes.Observe(batch.Header, BaseOffset, start + batch.Position, indexInterval, times);
            next = batch.Header.NextOffset;
            if (start + batch.Position == 0)
            {
                _firstTimestampMs = batch.Header.MaxTimestamp;
            }
        }

        Volatile.Write(ref _end, new SegmentEnd(next, start + records.Length, times));
        Volatile.Write(ref _version, _version + 1);
        if (indexes.ShouldPersist)
        {
            TryPersistIndexes(indexes);
        }
    }

    /// <summary>The first batch's latest record time, from which <c>segment.ms</c> counts; -1 in an empty segment.</summary>
    public long FirstTimestampMs()
    {
        if (_firstTimestampMs == long.MinValue && Size > 0)
        {
            var shared = Acquire();
            try
            {
                Span<byte> header = stackalloc byte[BatchHeader.Length];
                var walk = new HeaderWalk(shared.File, 0, Size, header);
                _firstTimestampMs = walk.MoveNext() ? walk.Header.MaxTimestamp : -1;
            }
            finally
            {
                shared.Release();
            }
        }

        return Math.Max(_firstTimestampMs, -1);
    }

    /// <summary>The latest record time; the last entry of the time index has it unless batches were appended since.</summary>
    public SegmentTimes Times()
    {
        var end = End;
        if (end.Times is { } known)
        {
            return known;
        }

        var last = end.Position == 0 ? new TimeIndex.Entry(-1, 0) : IndexTail.Time(_files, BaseOffset) ?? Indexes().Times.Last;
        var times = SegmentTimes.From(last, BaseOffset);

        // The writer asks before it appends, so that this cannot undo an append.
        _ = Interlocked.CompareExchange(ref _end, end with { Times = times }, end);
        return times;
    }

    /// <summary>What is known of the segment's content from a scan of it, at open.</summary>
    public void Restore(SegmentEnd end, SegmentIndexes? indexes)
    {
        _end = end;
        _indexes = indexes;
        _firstTimestampMs = long.MinValue;
    }

    /// <summary>Cuts the file at the start of a batch.</summary>
    public void TruncateTo(int position, Offset nextOffset)
    {
        var indexes = Indexes();
        var shared = Acquire();
        try
        {
            shared.File.SetLength(position);
            shared.File.Sync();
            _ = Interlocked.Increment(ref _generation);
            Volatile.Write(ref _version, _version + 1);
            _hint = null;
            indexes.Truncate(position, nextOffset - BaseOffset);

            // Durable as well, so that what a power cut leaves of the files is always a beginning of the truth.
            indexes.Persist(_files, BaseOffset);
            indexes.Sync(_files, BaseOffset);
            Volatile.Write(ref _end, new SegmentEnd(nextOffset, position, SegmentIndexBuilder.TimesFromTail(shared.File, indexes, BaseOffset, position)));
            _firstTimestampMs = long.MinValue;
            _aborted = null;
        }
        finally
        {
            shared.Release();
        }
    }

    /// <summary>Writes the indexes out, the latest time included.</summary>
    public void PersistIndexes()
    {
        var indexes = Indexes();
        indexes.AddFinalTime(Times(), BaseOffset);
        indexes.Persist(_files, BaseOffset);
        if (_abortedIsUnwritten)
        {
            TransactionIndex.Replace(_files, BaseOffset, Aborted());
            _abortedIsUnwritten = false;
        }
    }

    /// <summary>Syncs the batches and, of a segment that gets no more, the indexes.</summary>
    public void Sync(bool isActive)
    {
        var version = Volatile.Read(ref _version);
        if (version != _syncedVersion)
        {
            var shared = Acquire();
            try
            {
                shared.File.Sync();
                _syncedVersion = version;
            }
            finally
            {
                shared.Release();
            }
        }

        if (!isActive)
        {
            Volatile.Read(ref _indexes)?.Sync(_files, BaseOffset);
            if (_aborted is { Length: > 0 })
            {
                using var file = _files.Disk.Open(_files.PathOf(BaseOffset, LogFiles.TransactionIndexSuffix), StorageOpenMode.ReadWrite);
                file.Sync();
            }
        }
    }

    /// <summary>The transactions whose ABORT marker is in this segment, in the order of the markers.</summary>
    public AbortedTransaction[] Aborted() => _aborted ??= TransactionIndex.Load(_files, BaseOffset);

    public void AddAborted(AbortedTransaction transaction)
    {
        var before = Aborted();
        _aborted = [.. before, transaction];
        try
        {
            TransactionIndex.Append(_files, BaseOffset, transaction, before.Length);
        }
        catch (IOException)
        {
            // The marker is in the log: the entry follows when the segment closes, or is found again by recovery.
            _abortedIsUnwritten = true;
        }
    }

    /// <summary>What a scan found to be the aborted transactions of this segment.</summary>
    public void RestoreAborted(AbortedTransaction[] transactions)
    {
        TransactionIndex.Replace(_files, BaseOffset, transactions);
        _aborted = transactions;
    }

    /// <summary>Where a batch starts, remembered from the last read, which the next read probably continues.</summary>
    public int? HintFor(Offset offset) =>
        Volatile.Read(ref _hint) is { } hint && hint.NextOffset == offset && hint.Generation == Generation ? hint.Position : null;

    public void Remember(Offset nextOffset, int position, int generation) =>
        Volatile.Write(ref _hint, new ReadHint(nextOffset, position, generation));

    /// <summary>Closes file and indexes of a segment that nobody used since the last call; they open again when needed.</summary>
    /// <param name="isDurable">A flush has covered the segment and its indexes.</param>
    public void CloseIfIdle(bool isDurable)
    {
        if (_used)
        {
            _used = false;
            return;
        }

        lock (_opening)
        {
            CloseFile();
            if (isDurable && _indexes is { IsPersisted: true } && !_abortedIsUnwritten)
            {
                _indexes = null;
                _aborted = null;
            }
        }
    }

    /// <summary>Takes the segment out of use: readers at work go on, new ones are refused.</summary>
    public void Retire()
    {
        lock (_opening)
        {
            IsRetired = true;
            CloseFile();
        }
    }

    /// <summary>Closes the file until it is needed again: a broker has more logs than it may have open files.</summary>
    public void CloseFile()
    {
        lock (_opening)
        {
            var shared = _shared;
            Volatile.Write(ref _shared, null);
            shared?.Release();
        }
    }

    private void Write(IStorageFile file, ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            file.Write(bytes, position);
        }
        catch (IOException)
        {
            _tailIsDirty = true;
            try
            {
                CutDirtyTail(file, position);
            }
            catch (IOException)
            {
                // The next append tries again before it writes.
            }

            throw;
        }
    }

    /// <summary>Removes what a failed write may have left behind the last batch.</summary>
    private void CutDirtyTail(IStorageFile file, long end)
    {
        if (_tailIsDirty)
        {
            file.SetLength(end);
            _tailIsDirty = false;
        }
    }

    private void TryPersistIndexes(SegmentIndexes indexes)
    {
        try
        {
            indexes.Persist(_files, BaseOffset);
        }
        catch (IOException)
        {
            // The batches are written and the entries in memory; they are offered again with the next ones and when the segment closes.
        }
    }

    private sealed record ReadHint(Offset NextOffset, int Position, int Generation);
}

/// <summary>How far a segment reaches; published as one so that readers see values of one moment.</summary>
/// <param name="NextOffset">The offset after the last batch; of a segment not read yet, the next segment's base.</param>
/// <param name="Position">The size of the batches in bytes.</param>
/// <param name="Times">The latest record time; null as long as nobody asked.</param>
internal sealed record SegmentEnd(Offset NextOffset, int Position, SegmentTimes? Times);
