namespace Samsa.Storage;

/// <summary>Who does the work that blocks on a disk: threads in a process, turns of the one thread in the simulator.</summary>
public interface IWorkers
{
    /// <summary>Makes a worker that rests until it is woken.</summary>
    /// <param name="name">What a debugger calls it.</param>
    /// <param name="round">Its work, once after any number of wakes; never twice at a time. Must not throw.</param>
    IWorker Start(string name, Action round);

    /// <summary>Does something once, beside the caller.</summary>
    /// <param name="work">The work; what it throws ends the task.</param>
    /// <param name="cancellationToken">Keeps it from beginning.</param>
    Task RunAsync(Action work, CancellationToken cancellationToken);

    /// <summary>Does something for each item and returns when all of it is done.</summary>
    /// <param name="items">The items.</param>
    /// <param name="threads">Most at a time.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Calls off what has not begun.</param>
    /// <exception cref="OperationCanceledException">It was called off.</exception>
    void ForEach<T>(IReadOnlyCollection<T> items, int threads, Action<T> work, CancellationToken cancellationToken);
}

/// <summary>One worker. Disposing it lets a round begin that was asked for, waits for its end, and lets the worker go.</summary>
public interface IWorker : IDisposable
{
    /// <summary>Has a round begin soon, or right after the one that is under way. Any thread.</summary>
    void Wake();
}
