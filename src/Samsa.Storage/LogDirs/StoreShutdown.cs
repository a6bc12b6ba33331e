using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Samsa.Storage;

/// <summary>Closes log directories so that the next start trusts them without reading them.</summary>
internal sealed class StoreShutdown(LogStoreOptions options, ILogger logger)
{
    private readonly long _started = options.TimeProvider.GetTimestamp();

    /// <summary>Closes one directory's logs; what went wrong is told, not thrown.</summary>
    public Task CloseAsync(DirectoryLogs directory) => options.Workers.RunAsync(() => Close(directory), CancellationToken.None);

    private void Close(DirectoryLogs directory)
    {
        directory.Commits.Dispose();
        if (directory.Directory.OfflineReason is not null)
        {
            return;
        }

        var reason = CloseLogs(directory);
        try
        {
            directory.Checkpoints.WriteRecoveryPoints(directory);
            directory.Checkpoints.WriteLogStartOffsets(directory);
            directory.Checkpoints.WriteHighWatermarks(directory);
            if (reason is null)
            {
                directory.Directory.Files.ReplaceFile(
                    directory.Directory.In(CleanShutdownMarker.FileName), CleanShutdownMarker.Format(options.BrokerEpoch()), durable: true);
            }
        }
        catch (IOException e)
        {
            reason ??= e.Message;
        }

        if (reason is null)
        {
            LogDirEvents.ClosedCleanly(logger, directory.Directory.Path, directory.Logs.Count);
        }
        else
        {
            LogDirEvents.ClosedUncleanly(logger, directory.Directory.Path, reason);
        }
    }

    /// <returns>Why the directory must not be marked clean; null where it may.</returns>
    private string? CloseLogs(DirectoryLogs directory)
    {
        // An offline log must be looked at again next time, so no marker may vouch for its directory.
        var reason = directory.Offline.Count == 0 ? null : $"{directory.Offline.Count} partitions are offline";
        var unsynced = new ConcurrentBag<PartitionLog>();
        ForEachLog(directory, log =>
        {
            try
            {
                if (IsOverdue(out var overdue))
                {
                    reason = overdue;
                }
                else if (log.PrepareClose())
                {
                    unsynced.Add(log);
                }
            }
            catch (IOException e)
            {
                reason = $"{log.Partition}: {e.Message}";
            }
        });
        new SharedSync(directory.Directory, options.TimeProvider, SyncClosed).Run(unsynced, (log, failure) =>
            reason = failure is null ? reason : $"{log.Partition}: {failure.Message}");
        ForEachLog(directory, static log => log.Dispose());
        return reason;
    }

    private void SyncClosed(PartitionLog log)
    {
        if (IsOverdue(out var reason))
        {
            throw new IOException(reason);
        }

        log.SyncClosed();
    }

    private bool IsOverdue([NotNullWhen(true)] out string? reason)
    {
        reason = options.TimeProvider.GetElapsedTime(_started) > options.ShutdownTimeout
            ? $"the shutdown took longer than {options.ShutdownTimeout.TotalSeconds} s"
            : null;
        return reason is not null;
    }

    private void ForEachLog(DirectoryLogs directory, Action<PartitionLog> work)
    {
        var threads = Math.Max(1, Math.Min(Environment.ProcessorCount, options.RecoveryThreadsPerDirectory()));
        options.Workers.ForEach(directory.Logs, threads, entry => work(entry.Value), CancellationToken.None);
    }
}
