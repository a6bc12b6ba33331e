namespace Samsa.Broker.Partitions;

/// <summary>
/// A fetch that found too little and waits for more (<c>fetch.min.bytes</c>, <c>fetch.max.wait.ms</c>). Each of its
/// partitions tells it of bytes that it may read now; it blocks no thread.
/// </summary>
internal sealed class FetchWaiter : IDisposable
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private static int s_count;
    private long _missing;

    /// <summary>Begins to wait.</summary>
    /// <param name="missingBytes">How many more bytes end the wait.</param>
    /// <param name="timeout">When it ends anyway.</param>
    /// <param name="time">The clock.</param>
    public FetchWaiter(long missingBytes, TimeSpan timeout, TimeProvider time)
    {
        _missing = missingBytes;
        Interlocked.Increment(ref s_count);
        _timer = time.CreateTimer(static w => ((FetchWaiter)w!)._done.TrySetResult(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait now, in this process.</summary>
    public static int Count => Volatile.Read(ref s_count);

    /// <summary>Completes when enough came, when the time is up, or when something else changed that the fetcher must hear of.</summary>
    public Task Completion => _done.Task;

    /// <summary>So many bytes may be read now: committed ones by consumers, all by followers.</summary>
    public void OnBytes(long bytes)
    {
        if (Interlocked.Add(ref _missing, -bytes) <= 0)
        {
            _done.TrySetResult();
        }
    }

    /// <summary>Ends the wait now: the partition went away, or its state changed.</summary>
    public void Wake() => _done.TrySetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        Interlocked.Decrement(ref s_count);
    }
}
