using System.Threading.Tasks.Sources;

namespace Samsa.Network;

/// <summary>Wakes one waiter, again and again, without allocating. A signal that comes while nobody waits is kept for the next wait.</summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;
    private ManualResetValueTaskSourceCore<bool> _completion;
    private int _state;

    /// <summary>Completes with the next signal. One waiter at a time.</summary>
    public ValueTask WaitAsync() =>
        Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle
            ? new ValueTask(this, _completion.Version)
            : Consume();

    /// <summary>Signals; the waiter goes on at once on this thread, or else on the pool (or the context it waits in).</summary>
    public void Set(bool inline)
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Signalled:
                    return;
                case Idle when Interlocked.CompareExchange(ref _state, Signalled, Idle) == Idle:
                    return;
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _completion.RunContinuationsAsynchronously = !inline;
                    _completion.SetResult(true);
                    return;
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        _completion.GetResult(token);
        _completion.Reset();
    }

    private ValueTask Consume()
    {
        Volatile.Write(ref _state, Idle);
        return ValueTask.CompletedTask;
    }
}
