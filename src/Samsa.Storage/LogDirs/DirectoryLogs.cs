using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>The logs of one log directory, and what is done for them together: group commit, checkpoints, removal.</summary>
internal sealed class DirectoryLogs
{
    /// <summary>The metadata log lives beside the others but is the controller's.</summary>
    public static readonly TopicPartition ClusterMetadata = new("__cluster_metadata", 0);

    private readonly LogStoreOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = new();
    private readonly ConcurrentDictionary<TopicPartition, OfflineLog> _offline = new();
    private readonly Action<PartitionLog> _flushSoon;

    public DirectoryLogs(LogDirectory directory, LogStoreOptions options, Action<LogDirectory, PartitionLog> flushSoon, ILogger logger)
    {
        Directory = directory;
        _options = options;
        _flushSoon = log => flushSoon(directory, log);
        _logger = logger;
        Checkpoints = new DirectoryCheckpoints(directory, logger);
        Removals = new DirectoryRemovals(directory, options.TimeProvider, logger);
        Commits = new GroupCommit(directory, options, logger);
    }

    /// <summary>The directory.</summary>
    public LogDirectory Directory { get; }

    /// <summary>The logs in use, by partition.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionLog> Logs => _logs;

    /// <summary>The logs that could not be opened, or were lost with their directory.</summary>
    public IReadOnlyDictionary<TopicPartition, OfflineLog> Offline => _offline;

    /// <summary>The offset checkpoints.</summary>
    public DirectoryCheckpoints Checkpoints { get; }

    /// <summary>Deleted partitions' directories.</summary>
    public DirectoryRemovals Removals { get; }

    /// <summary>Who waits for durability.</summary>
    public GroupCommit Commits { get; }

    /// <summary>Opens a log found at start; damage takes that log offline and nothing else.</summary>
    public void OpenExisting(TopicPartition partition, bool cleanShutdown, RecoveryTally tally)
    {
        try
        {
            var log = PartitionLog.Open(Options(partition, _options.ConfigFor(partition.Topic)) with
            {
                CleanShutdown = cleanShutdown,
                RecoveryPoint = Checkpoints.RecoveryPointAtStart(partition),
                LogStartOffset = Checkpoints.LogStartOffsetAtStart(partition),
                HighWatermark = Checkpoints.HighWatermarkAtStart(partition),
                RecoveryProgress = tally.Scanned,
                RecoverySegmentScanned = tally.SegmentScanned,
                RecoveryTruncated = tally.Truncated,
            });
            _logs[partition] = log;
            tally.Opened();
        }
        catch (IOException e)
        {
            TakeOffline(partition, e.Message);
            tally.Offline(partition, e.Message);
        }
    }

    /// <summary>Makes a log, or gives the one that is there.</summary>
    /// <exception cref="IOException">The disk failed or is full; nothing is left behind.</exception>
    public PartitionLog Create(TopicPartition partition, TopicId topicId, LogConfig config)
    {
        if (Directory.OfflineReason is { } reason)
        {
            throw new IOException($"Log directory {Directory.Path} is out of use: {reason}");
        }

        if (_offline.TryGetValue(partition, out var offline))
        {
            throw new IOException($"Partition {partition} is offline: {offline.Reason}");
        }

        if (_logs.TryGetValue(partition, out var present))
        {
            if (present.TopicId == topicId)
            {
                return present;
            }

            // A topic of this name was deleted without this broker learning of it, and made again.
            Retire(partition, PartitionDirectoryKind.Stray);
        }

        var options = Options(partition, config) with { TopicId = topicId };
        var existed = Directory.Files.DirectoryExists(options.Directory);
        try
        {
            var log = PartitionLog.Open(options);
            _logs[partition] = log;
            return log;
        }
        catch (IOException) when (!existed)
        {
            TryRemove(options.Directory);
            throw;
        }
    }

    /// <summary>Takes a partition's directory out of use by renaming it; its files go later, or stay where it was only set aside.</summary>
    /// <returns>False where the partition is not here.</returns>
    /// <exception cref="IOException">The directory could not be renamed.</exception>
    public bool Retire(TopicPartition partition, PartitionDirectoryKind kind)
    {
        var found = _logs.TryRemove(partition, out var log);
        var wasOffline = _offline.TryRemove(partition, out _);
        if (!found && !wasOffline)
        {
            return false;
        }

        // After a power cut before its first sync a log is empty and does not say whose it is: nobody will ask for it.
        if (log is { TopicId.IsKnown: false } && log.LogEndOffset == Offset.Zero)
        {
            kind = PartitionDirectoryKind.Delete;
        }

        log?.Dispose();
        var from = Directory.In(PartitionDirectoryName.For(partition));
        var to = Directory.In(PartitionDirectoryName.For(partition, kind, _options.Random.NewGuid()));
        Directory.Files.Rename(from, to);
        if (kind == PartitionDirectoryKind.Delete)
        {
            Removals.Add(to, log?.Config ?? LogConfig.Default);
        }
        else
        {
            LogDirEvents.SetAside(_logger, partition, to);
        }

        return true;
    }

    /// <summary>Marks a partition as there but not usable.</summary>
    public void TakeOffline(TopicPartition partition, string reason)
    {
        LogDirEvents.PartitionOffline(_logger, partition, reason);
        _offline[partition] = new OfflineLog(
            reason, Checkpoints.RecoveryPointAtStart(partition), Checkpoints.LogStartOffsetAtStart(partition), Checkpoints.HighWatermarkAtStart(partition));
    }

    /// <summary>Looks whether the directory can still be used, and takes it out of use where it can't.</summary>
    public void Check()
    {
        try
        {
            Directory.Check();
        }
        catch (IOException e)
        {
            Fail(e.Message);
        }
    }

    /// <summary>Takes the whole directory out of use, with all its logs; other directories go on.</summary>
    public void Fail(string reason)
    {
        if (!Directory.Fail(reason))
        {
            return;
        }

        LogDirEvents.DirectoryFailed(_logger, Directory.Path, _logs.Count, reason);
        foreach (var (partition, log) in _logs)
        {
            if (_logs.TryRemove(partition, out _))
            {
                _offline[partition] = new OfflineLog(reason, log.RecoveryPoint, log.LogStartOffset, log.HighWatermark);
                log.Fail();
            }
        }

        _options.DirectoryFailed?.Invoke(Directory);
    }

    private PartitionLogOptions Options(TopicPartition partition, LogConfig config) => new()
    {
        FileSystem = Directory.Files,
        Directory = Directory.In(PartitionDirectoryName.For(partition)),
        Partition = partition,
        Config = config,
        TimeProvider = _options.TimeProvider,
        Logger = _logger,
        SegmentRolled = _flushSoon,
        DiskFailed = Directory.Suspect,
    };

    private void TryRemove(string path)
    {
        try
        {
            Directory.Files.DeleteDirectory(path);
        }
        catch (IOException e)
        {
            LogDirEvents.RemovalFailed(_logger, e, path);
        }
    }
}

/// <summary>A log that is there but cannot be used; what the checkpoints knew of it is kept for when it is mended.</summary>
/// <param name="Reason">Why, in words.</param>
/// <param name="RecoveryPoint">Its recovery point.</param>
/// <param name="LogStartOffset">Its first offset.</param>
/// <param name="HighWatermark">Its high watermark.</param>
internal sealed record OfflineLog(string Reason, Offset RecoveryPoint, Offset LogStartOffset, Offset HighWatermark);
