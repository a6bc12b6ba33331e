namespace Samsa.Broker.Pipeline;

/// <summary>
/// Lets only so many in at a time, first come first served. Unlike a semaphore of the runtime it goes on where its waiter's
/// scheduler says, also when the wait can be cancelled.
/// </summary>
/// <param name="places">How many may be in.</param>
internal sealed class Turns(int places)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _free = places;

    /// <summary>Completes when the caller is in; then it owes one <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while it waited: it is not in.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
        }

        using var cancelling = cancellationToken.UnsafeRegister(
            static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await turn.Task;
    }

    /// <summary>Makes room for the next.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            while (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();

                // One that was cancelled has gone already.
                if (first.Value.TrySetResult())
                {
                    return;
                }
            }

            _free++;
        }
    }
}
