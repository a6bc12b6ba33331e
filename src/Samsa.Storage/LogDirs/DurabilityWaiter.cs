using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>One caller that waits until a log is on disk up to an offset. Pooled: waiting allocates nothing.</summary>
/// <remarks>
/// Two sides hold a waiter, the flusher and the caller; it returns to the pool when both have let go, since a caller
/// that is cancelled leaves while the flusher still has the waiter in its queue.
/// </remarks>
internal sealed class DurabilityWaiter : IValueTaskSource
{
    private const int MaxPooled = 4096;
    private static readonly ConcurrentQueue<DurabilityWaiter> s_pool = new();

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private int _completed;
    private int _holders;

    /// <summary>The log that is waited for.</summary>
    public PartitionLog? Log { get; private set; }

    /// <summary>The offset up to which it has to be on disk.</summary>
    public Offset UpTo { get; private set; }

    /// <summary>The next waiter for the same log in the round that is being synced; the flusher's alone.</summary>
    public DurabilityWaiter? Next { get; set; }

    /// <summary>What the caller awaits.</summary>
    public ValueTask Task => new(this, _core.Version);

    /// <summary>Takes a waiter from the pool.</summary>
    public static DurabilityWaiter Rent(PartitionLog log, Offset upTo, CancellationToken cancellationToken)
    {
        if (!s_pool.TryDequeue(out var waiter))
        {
            waiter = new DurabilityWaiter();
        }

        waiter.Log = log;
        waiter.UpTo = upTo;
        waiter._completed = 0;
        waiter._holders = 2;
        if (cancellationToken.CanBeCanceled)
        {
            waiter._cancellation = cancellationToken.UnsafeRegister(
                static (state, token) => ((DurabilityWaiter)state!).Fail(new OperationCanceledException(token)), waiter);
        }

        return waiter;
    }

    /// <summary>The flusher's last act: the data is on disk, or it never will be.</summary>
    /// <param name="failure">Null on success.</param>
    public void Complete(Exception? failure)
    {
        if (failure is not null)
        {
            Fail(failure);
        }
        else if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _core.SetResult(true);
        }

        LetGo();
    }

    /// <inheritdoc/>
    public void GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            // Returns only when a cancellation that runs right now is over: none may hit the waiter's next life.
            _cancellation.Dispose();
            _cancellation = default;
            LetGo();
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Fail(Exception failure)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _core.SetException(failure);
        }
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Log = null;
            Next = null;
            _core.Reset();
            if (s_pool.Count < MaxPooled)
            {
                s_pool.Enqueue(this);
            }
        }
    }
}
