using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <summary>
/// Somebody waits until a watermark reaches an offset, or until his time is up: the producer of an append for all in-sync replicas
/// (acks=all), who deleted records for all replicas.
/// </summary>
internal sealed class CommitWait
{
    private readonly TaskCompletionSource<ErrorCode> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    /// <summary>Begins to wait.</summary>
    /// <param name="end">The offset: the one after the append's last record, the first that is to stay.</param>
    /// <param name="timeout">After which the answer is REQUEST_TIMED_OUT; what was done stays done, and others may yet follow.</param>
    /// <param name="time">The clock.</param>
    public CommitWait(Offset end, TimeSpan timeout, TimeProvider time)
    {
        End = end;
        _timer = time.CreateTimer(
            static w => ((CommitWait)w!).Complete(ErrorCode.RequestTimedOut), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The watermark that ends the wait.</summary>
    public Offset End { get; }

    /// <summary>What came of it.</summary>
    public Task<ErrorCode> Completion => _done.Task;

    /// <summary>Ends the wait; the first one counts.</summary>
    public void Complete(ErrorCode error)
    {
        _timer.Dispose();
        _done.TrySetResult(error);
    }
}
