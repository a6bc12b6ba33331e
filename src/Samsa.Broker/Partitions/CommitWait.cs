using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <summary>An append whose producer waits for all in-sync replicas (acks=all), or until its time is up.</summary>
internal sealed class CommitWait
{
    private readonly TaskCompletionSource<ErrorCode> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;

    /// <summary>Begins to wait.</summary>
    /// <param name="end">The offset after the append's last record.</param>
    /// <param name="timeout">After which the answer is REQUEST_TIMED_OUT; the records stay, and may yet be committed.</param>
    /// <param name="time">The clock.</param>
    public CommitWait(Offset end, TimeSpan timeout, TimeProvider time)
    {
        End = end;
        _timer = time.CreateTimer(
            static w => ((CommitWait)w!).Complete(ErrorCode.RequestTimedOut), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The high watermark that ends the wait.</summary>
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
