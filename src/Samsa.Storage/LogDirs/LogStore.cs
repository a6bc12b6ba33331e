using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// All logs of a broker: found and recovered at start, made and deleted at run time, kept (retention, checkpoints,
/// flushes) in the background, and closed so that the next start is quick. Knows files, not topics: settings come from
/// whoever opens it.
/// </summary>
public sealed class LogStore : IAsyncDisposable
{
    private static readonly TimeSpan s_shutdownGrace = TimeSpan.FromSeconds(5);

    private readonly LogStoreOptions _options;
    private readonly DirectoryLogs[] _directories;
    private readonly StoreLoops _loops;
    private readonly ILogger _logger;
    private readonly Lock _creating = new();
    private bool _disposed;

    private LogStore(LogStoreOptions options)
    {
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<LogStore>();
        _loops = new StoreLoops(options, _logger);
        _directories = [.. options.Directories.All.Select(d => new DirectoryLogs(d, options, _loops.FlushSoon, _logger))];
        Recovery = new RecoveryTally(null, options.TimeProvider).Finish([]);
    }

    /// <summary>What opening found and did.</summary>
    public RecoverySummary Recovery { get; private set; }

    /// <summary>The cluster whose data this is.</summary>
    public string ClusterId => _options.Directories.ClusterId;

    /// <summary>The log directories, unusable ones included.</summary>
    public IReadOnlyList<LogDirectory> Directories => _options.Directories.All;

    /// <summary>The logs in use now.</summary>
    public IEnumerable<PartitionLog> Logs => _directories.SelectMany(d => d.Logs).Select(l => l.Value);

    /// <summary>The logs in use now in one of the directories.</summary>
    public IEnumerable<PartitionLog> LogsIn(LogDirectory directory) => Array.Find(_directories, d => d.Directory == directory)?.Logs.Values ?? [];

    /// <summary>The partitions that are here but cannot be used, with the reason: damaged, or in a directory that failed.</summary>
    public IEnumerable<KeyValuePair<TopicPartition, string>> OfflineLogs =>
        _directories.SelectMany(d => d.Offline).Select(o => KeyValuePair.Create(o.Key, o.Value.Reason));

    /// <summary>Opens the store: recovers every log in the claimed directories, several at a time.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="progress">Told now and then how far it is; null where nobody watches.</param>
    /// <param name="cancellationToken">Calls the start off.</param>
    /// <remarks>A damaged log, or a directory that fails, goes offline; the store opens all the same, unless no directory is left.</remarks>
    /// <exception cref="LogDirectoryException">Every directory failed.</exception>
    public static async Task<LogStore> OpenAsync(
        LogStoreOptions options, IProgress<RecoveryProgress>? progress, CancellationToken cancellationToken)
    {
        var store = new LogStore(options);
        var tally = new RecoveryTally(progress, options.TimeProvider);
        try
        {
            var recovery = new StoreRecovery(options, tally, store._logger);
            await options.Workers.RunAsync(() => recovery.Run(store._directories, cancellationToken), cancellationToken);
        }
        catch
        {
            store.Abandon();
            throw;
        }

        if (options.Directories.WhyNoneIsUsable() is { } reason)
        {
            store.Abandon();
            throw new LogDirectoryException(reason);
        }

        store.Recovery = tally.Finish(options.Directories.All);
        LogDirEvents.Opened(store._logger, (long)store.Recovery.Elapsed.TotalMilliseconds, store.Recovery);
        store._loops.Start(store._directories);
        return store;
    }

    /// <summary>The log of a partition.</summary>
    /// <returns>False where there is none, or it is offline.</returns>
    public bool TryGet(TopicPartition partition, [NotNullWhen(true)] out PartitionLog? log)
    {
        foreach (var directory in _directories)
        {
            if (directory.Logs.TryGetValue(partition, out log))
            {
                return true;
            }
        }

        log = null;
        return false;
    }

    /// <summary>Why a partition that is here cannot be used.</summary>
    /// <returns>False where it can, or is not here.</returns>
    public bool IsOffline(TopicPartition partition, [NotNullWhen(true)] out string? reason)
    {
        foreach (var directory in _directories)
        {
            if (directory.Offline.TryGetValue(partition, out var offline))
            {
                reason = offline.Reason;
                return true;
            }
        }

        reason = null;
        return false;
    }

    /// <summary>Whether a directory gets no new logs (KIP-1066).</summary>
    public bool IsCordoned(LogDirectory directory) => _options.CordonedDirectories() is { Count: > 0 } cordoned && (cordoned.Contains("*") || cordoned.Contains(directory.Path));

    /// <summary>Makes the log start offsets durable as they are now, which otherwise happens now and then.</summary>
    /// <exception cref="IOException">A disk failed or is full: what a restart would find is not known.</exception>
    public Task SaveLogStartOffsetsAsync() => _options.Workers.RunAsync(
        () =>
        {
            foreach (var directory in _directories)
            {
                if (directory.Directory.OfflineReason is null)
                {
                    directory.Checkpoints.WriteLogStartOffsets(directory);
                }
            }
        },
        CancellationToken.None);

    /// <summary>
    /// The id of the directory that a partition lies in (KIP-858); <see cref="DirectoryId.Lost"/> where its log cannot be used although its
    /// directory can; null where it is not here, or its directory is out of use.
    /// </summary>
    public Guid? DirectoryOf(TopicPartition partition)
    {
        foreach (var directory in _directories)
        {
            if (directory.Directory.OfflineReason is not null)
            {
                continue;
            }

            if (directory.Logs.TryGetValue(partition, out var log))
            {
                return log.IsOffline ? DirectoryId.Lost : directory.Directory.DirectoryId;
            }

            if (directory.Offline.ContainsKey(partition))
            {
                return DirectoryId.Lost;
            }
        }

        return null;
    }

    /// <summary>Makes the log of a new partition where there is none yet.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">Its topic.</param>
    /// <param name="config">The topic's settings.</param>
    /// <param name="assigned">
    /// The directory that the metadata says it is in. A new one goes there where that is in use; else, unless it may lie in a directory that
    /// is out of use, into the one that has the fewest and is not cordoned.
    /// </param>
    /// <remarks>A log of the same name but another topic id is left over from a deleted topic: it is set aside as <c>-stray</c>.</remarks>
    /// <exception cref="ArgumentException">The topic's name is not legal.</exception>
    /// <exception cref="IOException">The disk failed or is full, or the partition is offline here; nothing was made.</exception>
    public PartitionLog CreateLog(TopicPartition partition, TopicId topicId, LogConfig config, Guid assigned)
    {
        lock (_creating)
        {
            var place = Array.Find(_directories, d => d.Logs.ContainsKey(partition) || d.Offline.ContainsKey(partition))
                ?? PlaceOfNew(assigned);
            return place.Create(partition, topicId, config);
        }
    }

    /// <inheritdoc cref="CreateLog(TopicPartition, TopicId, LogConfig, Guid)"/>
    public PartitionLog CreateLog(TopicPartition partition, TopicId topicId, LogConfig config) =>
        CreateLog(partition, topicId, config, DirectoryId.Unassigned);

    /// <summary>
    /// Deletes a partition: its directory is renamed at once, its files go in the background after
    /// <c>file.delete.delay.ms</c>. One that is not here is fine.
    /// </summary>
    /// <exception cref="IOException">The directory could not be renamed.</exception>
    public void DeleteLog(TopicPartition partition) => Retire(partition, PartitionDirectoryKind.Delete);

    /// <summary>
    /// Sets a log aside that the metadata log does not know, as <c>-stray</c>: it is not used, and not deleted either.
    /// </summary>
    /// <exception cref="IOException">The directory could not be renamed.</exception>
    public void SetAside(TopicPartition partition) => Retire(partition, PartitionDirectoryKind.Stray);

    /// <summary>Completes once a log is on disk up to an offset, sharing the sync with everybody who waits.</summary>
    /// <param name="log">The log.</param>
    /// <param name="upTo">The offset after the last record that matters.</param>
    /// <param name="cancellationToken">Ends the waiting, not the sync.</param>
    /// <exception cref="IOException">The sync failed, and the log is offline: answer KAFKA_STORAGE_ERROR.</exception>
    public ValueTask WhenDurableAsync(PartitionLog log, Offset upTo, CancellationToken cancellationToken)
    {
        foreach (var directory in _directories)
        {
            if (directory.Logs.TryGetValue(log.Partition, out var present) && ReferenceEquals(present, log))
            {
                return directory.Commits.WhenDurableAsync(log, upTo, cancellationToken);
            }
        }

        return ValueTask.FromException(new IOException($"The log of {log.Partition} is closed"));
    }

    /// <summary>
    /// Completes once an append is as durable as its topic asks for: at once, or after a sync where
    /// <c>samsa.flush.on.ack</c> or <c>flush.messages</c> call for one.
    /// </summary>
    /// <inheritdoc cref="WhenDurableAsync"/>
    public ValueTask CommitAsync(PartitionLog log, Offset upTo, CancellationToken cancellationToken)
    {
        var config = log.Config;
        return config.FlushOnAck || upTo - log.RecoveryPoint >= config.FlushMessages
            ? WhenDurableAsync(log, upTo, cancellationToken)
            : ValueTask.CompletedTask;
    }

    /// <summary>
    /// Clean shutdown: ends the loops, serves who waits, flushes and closes every log, writes the checkpoints and, where
    /// all of that went well within <see cref="LogStoreOptions.ShutdownTimeout"/>, the clean-shutdown marker.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _loops.DisposeAsync();
        var shutdown = new StoreShutdown(_options, _logger);
        try
        {
            // A disk that hangs must not keep the process: what it does not take in time is recovered by the next start.
            await Task.WhenAll(_directories.Select(shutdown.CloseAsync))
                .WaitAsync(_options.ShutdownTimeout + s_shutdownGrace, _options.TimeProvider);
        }
        catch (TimeoutException)
        {
            LogDirEvents.ClosedUncleanly(_logger, string.Join(", ", Directories.Select(d => d.Path)), "the disk did not answer in time");
        }
    }

    private DirectoryLogs PlaceOfNew(Guid assigned)
    {
        var place = Array.Find(_directories, d => d.Directory.OfflineReason is null && d.Directory.DirectoryId == assigned);
        if (place is not null && !IsCordoned(place.Directory))
        {
            return place;
        }

        // KIP-858: an empty log beside the one that is only out of reach would pass for it.
        return assigned == DirectoryId.Unassigned || place is not null || Array.TrueForAll(_directories, d => d.Directory.OfflineReason is null)
            ? Emptiest()
            : throw new IOException("It may lie in a log directory that is out of use");
    }

    private DirectoryLogs Emptiest()
    {
        // Counting a concurrent dictionary takes all its locks.
        DirectoryLogs[] usable = [.. _directories.Where(d => d.Directory.OfflineReason is null && !IsCordoned(d.Directory))];
        return usable.Length switch
        {
            0 => throw new IOException("Every log directory is out of use or cordoned"),
            1 => usable[0],
            _ => usable.MinBy(d => d.Logs.Count)!,
        };
    }

    private void Retire(TopicPartition partition, PartitionDirectoryKind kind)
    {
        lock (_creating)
        {
            _ = Array.Exists(_directories, d => d.Retire(partition, kind));
        }
    }

    private void Abandon()
    {
        foreach (var directory in _directories)
        {
            directory.Commits.Dispose();
            foreach (var (_, log) in directory.Logs)
            {
                log.Dispose();
            }
        }
    }
}
