using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Samsa.Storage;

/// <summary>What a store does in the background: retention, checkpoints, flushes that no one waits for, removals.</summary>
internal sealed class StoreLoops(LogStoreOptions options, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_removalInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_shortestFlushInterval = TimeSpan.FromMilliseconds(10);

    private readonly BackgroundLoops _loops = new(options.TimeProvider, logger);
    private readonly Channel<(LogDirectory Directory, PartitionLog Log)> _toFlush =
        Channel.CreateUnbounded<(LogDirectory, PartitionLog)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Has a log flushed by the background; it just closed a segment, which can be written now at leisure.</summary>
    public void FlushSoon(LogDirectory directory, PartitionLog log) => _toFlush.Writer.TryWrite((directory, log));

    /// <summary>Starts the loops.</summary>
    public void Start(IReadOnlyList<DirectoryLogs> directories)
    {
        _loops.StartPeriodic("retention", options.RetentionCheckInterval, () => ForEach(directories, ApplyRetention));
        _loops.StartPeriodic("directory-check", s_checkInterval, () => ForEach(directories, static d => d.Check()));
        _loops.StartPeriodic("removal", s_removalInterval, () => ForEach(directories, static d => d.Removals.RemoveDue()));
        StartCheckpoint(CheckpointFile.RecoveryPoints, options.RecoveryPointCheckpointInterval, directories, static d => d.Checkpoints.WriteRecoveryPoints(d));
        StartCheckpoint(CheckpointFile.LogStartOffsets, options.LogStartOffsetCheckpointInterval, directories, static d => d.Checkpoints.WriteLogStartOffsets(d));
        StartCheckpoint(CheckpointFile.HighWatermarks, options.HighWatermarkCheckpointInterval, directories, static d => d.Checkpoints.WriteHighWatermarks(d));
        _loops.Start("flush-ms", stopping => FlushByTimeAsync(directories, stopping));
        _loops.Start("flush-rolled", FlushRolledAsync);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _loops.DisposeAsync();

    private static void ForEach(IReadOnlyList<DirectoryLogs> directories, Action<DirectoryLogs> work)
    {
        foreach (var directory in directories)
        {
            if (directory.Directory.OfflineReason is null)
            {
                work(directory);
            }
        }
    }

    private void StartCheckpoint(
        string name, TimeSpan interval, IReadOnlyList<DirectoryLogs> directories, Action<DirectoryLogs> write) =>
        _loops.StartPeriodic(name, interval, () => ForEach(directories, directory =>
        {
            try
            {
                write(directory);
            }
            catch (IOException e)
            {
                // Most often the disk is full. The older checkpoint stays, which only makes a recovery longer.
                directory.Directory.Suspect();
                LogDirEvents.CheckpointNotWritten(logger, e, name, directory.Directory.Path);
            }
        }));

    private void ApplyRetention(DirectoryLogs directory)
    {
        var nowMs = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (partition, log) in directory.Logs)
        {
            try
            {
                log.DeleteExpiredSegments(nowMs);
            }
            catch (IOException e)
            {
                LogDirEvents.RetentionFailed(logger, e, partition);
            }
        }
    }

    /// <summary>Flushes logs whose <c>flush.ms</c> is over, and comes back when the next one will be.</summary>
    private async Task FlushByTimeAsync(IReadOnlyList<DirectoryLogs> directories, CancellationToken stopping)
    {
        while (true)
        {
            var nowMs = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            var pause = options.FlushSchedulerInterval;
            ForEach(directories, directory =>
            {
                foreach (var (_, log) in directory.Logs)
                {
                    pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds, FlushIfDue(directory.Directory, log, nowMs)));
                }
            });
            await Task.Delay(pause > s_shortestFlushInterval ? pause : s_shortestFlushInterval, options.TimeProvider, stopping);
        }
    }

    /// <returns>Milliseconds until the log is to be looked at again.</returns>
    private long FlushIfDue(LogDirectory directory, PartitionLog log, long nowMs)
    {
        var interval = log.Config.FlushMs;
        if (interval == long.MaxValue)
        {
            return long.MaxValue;
        }

        var left = log.LastFlushMs + interval - nowMs;
        if (left <= 0)
        {
            if (log.LogEndOffset > log.RecoveryPoint)
            {
                Flush(directory, log);
            }

            left = interval;
        }

        return left;
    }

    private async Task FlushRolledAsync(CancellationToken stopping)
    {
        // Not ReadAllAsync, which goes on wherever the channel was written to.
        while (await _toFlush.Reader.WaitToReadAsync(stopping))
        {
            while (_toFlush.Reader.TryRead(out var due))
            {
                Flush(due.Directory, due.Log);
            }
        }
    }

    private void Flush(LogDirectory directory, PartitionLog log)
    {
        try
        {
            log.Flush();
        }
        catch (IOException e)
        {
            directory.Suspect();
            LogDirEvents.SyncFailed(logger, e, log.Partition);
        }
    }
}
