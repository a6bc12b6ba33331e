using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Brings a partition directory into the state of an open log.</summary>
internal sealed class LogLoader
{
    private readonly PartitionLogOptions _options;
    private readonly LogState _log;
    private readonly LogFiles _files;
    private bool _metadataIsNew;

    private LogLoader(PartitionLogOptions options)
    {
        _options = options;
        _files = new LogFiles(options.FileSystem, options.Directory);
        _log = new LogState(options, _files);
    }

    public static LogState Load(PartitionLogOptions options) => new LogLoader(options).Load();

    private LogState Load()
    {
        LoadInto();
        _log.Active.CloseFile();
        return _log;
    }

    private void LoadInto()
    {
        var listing = OpenDirectory();
        var segments = Segments(listing);
        var hasEpochs = listing.Any(file => file.Name == LogFiles.EpochsName) && _log.Epochs.TryLoad(_files);
        if (segments.Count == 0)
        {
            Begin(_options.LogStartOffset);
            return;
        }

        _log.Segments = [.. segments];
        var isTrusted = _options.CleanShutdown && TryTrust(listing);
        if (!isTrusted)
        {
            if (_options.CleanShutdown)
            {
                _log.Logger.NotCleanAfterAll(_log.Partition);
            }

            new LogRecovery(_log, _options).Run(_options.RecoveryPoint);
        }

        Settle(hasEpochs);
        if (isTrusted)
        {
            TrustNames();
        }
    }

    private IReadOnlyList<StorageEntry> OpenDirectory()
    {
        IReadOnlyList<StorageEntry> listing = [];
        if (_files.Disk.DirectoryExists(_files.Directory))
        {
            listing = DirectoryCleanup.Run(_log);
        }
        else
        {
            _files.Disk.CreateDirectory(_files.Directory);
        }

        var stored = listing.Any(file => file.Name == LogFiles.MetadataName) ? PartitionMetadataFile.Load(_files) : TopicId.None;
        if (stored.IsKnown && _options.TopicId.IsKnown && stored != _options.TopicId)
        {
            throw new LogCorruptException($"{_files.Directory} belongs to topic id {stored}, not {_options.TopicId}.");
        }

        _log.TopicId = stored.IsKnown ? stored : _options.TopicId;
        if (!stored.IsKnown && _log.TopicId.IsKnown)
        {
            PartitionMetadataFile.Store(_files, _log.TopicId);
            _metadataIsNew = true;
        }

        return listing;
    }

    private List<LogSegment> Segments(IReadOnlyList<StorageEntry> listing)
    {
        var logs = new List<(Offset Base, StorageEntry File)>();
        foreach (var file in listing)
        {
            if (LogFiles.TryParse(file.Name, out var baseOffset, out var suffix) && suffix == LogFiles.LogSuffix)
            {
                logs.Add((baseOffset, file));
            }
        }

        RemoveOrphans(listing, logs);
        logs.Sort((left, right) => left.Base.CompareTo(right.Base));
        var segments = new List<LogSegment>(logs.Count);
        for (var i = 0; i < logs.Count; i++)
        {
            var (baseOffset, file) = logs[i];
            if (file.Length > int.MaxValue)
            {
                throw new LogCorruptException($"{_files.PathOf(file.Name)} has {file.Length} bytes; a segment has less than 2 GiB.");
            }

            // Of closed segments the next one's base offset is as good an end as any; the last one is looked at.
            var next = i + 1 < logs.Count ? logs[i + 1].Base : baseOffset;
            var times = file.Length == 0 ? SegmentTimes.None : (SegmentTimes?)null;
            segments.Add(new LogSegment(_files, baseOffset, new SegmentEnd(next, (int)file.Length, times), file.LastWriteMs));
        }

        return segments;
    }

    /// <summary>Index files whose segment is gone would be taken for those of a later segment of the same name.</summary>
    private void RemoveOrphans(IReadOnlyList<StorageEntry> listing, List<(Offset Base, StorageEntry File)> logs)
    {
        foreach (var file in listing)
        {
            if (LogFiles.TryParse(file.Name, out var at, out var suffix)
                && suffix is LogFiles.OffsetIndexSuffix or LogFiles.TimeIndexSuffix or LogFiles.TransactionIndexSuffix
                && !logs.Exists(log => log.Base == at))
            {
                LogTruncation.TryDelete(_log, _files.PathOf(file.Name));
            }
        }
    }

    private void Begin(Offset start)
    {
        _log.Segments = [LogSegment.Create(_files, start, _options.Config, _log.NowMs)];
        _log.LogEnd = start;
        _log.LogStart = start;
        _log.HighWatermark = start;
        _log.RecoveryPoint = start;
        _log.Epochs.TruncateFromEnd(start + 1);
    }

    /// <summary>After a clean shutdown only the headers behind the last index entry are read, to learn where the log ends.</summary>
    /// <returns>False where the last segment is not as a clean shutdown leaves it.</returns>
    private bool TryTrust(IReadOnlyList<StorageEntry> listing)
    {
        var active = _log.Active;
        var size = active.Size;
        if (size > 0)
        {
            var last = HasEntries(listing, active.BaseOffset, LogFiles.TimeIndexSuffix) ? IndexTail.Time(_files, active.BaseOffset) : null;
            var times = last is { } entry ? SegmentTimes.From(entry, active.BaseOffset) : SegmentTimes.None;
            var shared = active.Acquire();
            try
            {
                Span<byte> buffer = stackalloc byte[HeaderWalk.BufferSize];
                var from = last is { } time && HasEntries(listing, active.BaseOffset, LogFiles.OffsetIndexSuffix)
                    ? IndexTail.Position(_files, active.BaseOffset, size, time)
                    : 0;
                var walk = new HeaderWalk(shared.File, from, size, buffer);
                var next = active.BaseOffset;
                while (walk.MoveNext() && walk.Header.BaseOffset >= next)
                {
                    times = times.With(walk.Header);
                    next = walk.Header.NextOffset;
                }

                if (walk.Next != size)
                {
                    return false;
                }

                active.Restore(new SegmentEnd(next, size, times), null);
            }
            finally
            {
                shared.Release();
            }
        }

        _log.LogEnd = active.End.NextOffset;
        _log.RecoveryPoint = _log.LogEnd;
        ProducerReplay.Restore(_log, _log.LogEnd, listing);
        return true;
    }

    private static bool HasEntries(IReadOnlyList<StorageEntry> listing, Offset baseOffset, string suffix)
    {
        var name = LogFiles.NameOf(baseOffset, suffix);
        return listing.Any(file => file.Name == name && file.Length > 0);
    }

    /// <summary>A clean shutdown synced the names of a log that holds anything, so that the next one need not.</summary>
    private void TrustNames()
    {
        if (_log.LogEnd > _log.LogStart)
        {
            _log.HasUnsyncedNames = false;
            _log.DirectoryIsUnsynced = _metadataIsNew;
        }
    }

    private void Settle(bool hasEpochs)
    {
        if (_options.LogStartOffset > _log.LogEnd)
        {
            // What was below is gone by DeleteRecords, and what was above is lost: begin where the log should.
            LogTruncation.StartAt(_log, _options.LogStartOffset);
            return;
        }

        _log.LogStart = Offset.Max(_options.LogStartOffset, _log.Segments[0].BaseOffset);
        _log.HighWatermark = Offset.Max(_log.LogStart, Offset.Min(_options.HighWatermark, _log.LogEnd));
        _log.Producers.OnHighWatermark(_log.HighWatermark);
        if (!hasEpochs && _log.LogEnd > _log.LogStart)
        {
            _log.Epochs.Clear();
            EpochReplay.Restore(_log);
        }

        // An epoch that begins at the end has no records yet; one that begins after it lost them.
        _log.Epochs.TruncateFromEnd(_log.LogEnd + 1);
        _log.Epochs.TruncateFromStart(_log.LogStart);
        _log.TryPersistEpochs();
    }
}
