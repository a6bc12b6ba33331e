using Samsa.Storage;

namespace Samsa.Simulation;

/// <summary>The workers of one process: each round is a turn of the one thread, as late as the disk is slow.</summary>
/// <param name="process">Whose.</param>
/// <param name="latency">How long a round waits for the disk.</param>
internal sealed class SimulatedWorkers(SimulatedProcess process, Func<TimeSpan> latency) : IWorkers
{
    /// <inheritdoc/>
    public IWorker Start(string name, Action round) => new Worker(process, latency, round);

    /// <inheritdoc/>
    public async Task RunAsync(Action work, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        work();
    }

    /// <inheritdoc/>
    public void ForEach<T>(IReadOnlyCollection<T> items, int threads, Action<T> work, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            work(item);
        }
    }

    private sealed class Worker(SimulatedProcess process, Func<TimeSpan> latency, Action round) : IWorker
    {
        private bool _isWoken;

        public void Wake()
        {
            if (!_isWoken)
            {
                _isWoken = true;
                process.World.After(latency(), process, Run);
            }
        }

        public void Dispose() => Run();

        private void Run()
        {
            if (_isWoken)
            {
                _isWoken = false;
                round();
            }
        }
    }
}
