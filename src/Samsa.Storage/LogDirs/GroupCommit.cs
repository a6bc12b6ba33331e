using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// Group commit: everybody who waits for durability in one log directory shares the next sync. While one round is on
/// its way to the disk the next one gathers, so the slower the disk, the more share a sync. One worker of its own,
/// since a sync blocks.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly LogDirectory _directory;
    private readonly ILogger _logger;
    private readonly IWorker _worker;
    private readonly SharedSync _sync;
    private readonly Action<PartitionLog, IOException?> _complete;
    private readonly Lock _gate = new();
    private readonly Dictionary<PartitionLog, DurabilityWaiter> _round = [];
    private List<DurabilityWaiter> _waiting = [];
    private List<DurabilityWaiter> _taken = [];
    private bool _closed;

    /// <summary>Starts the worker.</summary>
    /// <param name="directory">The directory whose logs are synced.</param>
    /// <param name="options">The clock, the worker, and who counts the syncs.</param>
    /// <param name="logger">Where failures are told.</param>
    public GroupCommit(LogDirectory directory, LogStoreOptions options, ILogger logger)
    {
        _directory = directory;
        _sync = new SharedSync(directory, options.TimeProvider, static log => log.Flush(), options.Synced);
        _complete = Complete;
        _logger = logger;
        _worker = options.Workers.Start($"group-commit {directory.Path}", Commit);
    }

    /// <summary>Completes once the log is on disk up to the offset, its directory's name included.</summary>
    /// <exception cref="IOException">The sync failed; what is on disk is unknown.</exception>
    public ValueTask WhenDurableAsync(PartitionLog log, Offset upTo, CancellationToken cancellationToken)
    {
        if (log.RecoveryPoint >= upTo && !log.IsOffline)
        {
            return ValueTask.CompletedTask;
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_gate)
        {
            if (_closed)
            {
                return ValueTask.FromException(new IOException($"Log directory {_directory.Path} is closed"));
            }

            var waiter = DurabilityWaiter.Rent(log, upTo, cancellationToken);
            var task = waiter.Task;
            _waiting.Add(waiter);
            if (_waiting.Count == 1)
            {
                _worker.Wake();
            }

            return task;
        }
    }

    /// <summary>Serves those who wait already, and ends the worker; later callers fail.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _worker.Dispose();
    }

    private void Commit()
    {
        lock (_gate)
        {
            (_waiting, _taken) = (_taken, _waiting);
        }

        foreach (var waiter in _taken)
        {
            waiter.Next = _round.GetValueOrDefault(waiter.Log!);
            _round[waiter.Log!] = waiter;
        }

        _sync.Run(_round.Keys, _complete);
        _round.Clear();
        _taken.Clear();
    }

    private void Complete(PartitionLog log, IOException? failure)
    {
        if (failure is not null)
        {
            _directory.Suspect();
            LogDirEvents.SyncFailed(_logger, failure, log.Partition);
        }

        CompleteAll(_round[log], failure);
    }

    private static void CompleteAll(DurabilityWaiter? waiter, IOException? failure)
    {
        while (waiter is not null)
        {
            // Once completed a waiter is another's.
            var next = waiter.Next;
            waiter.Complete(failure);
            waiter = next;
        }
    }
}
