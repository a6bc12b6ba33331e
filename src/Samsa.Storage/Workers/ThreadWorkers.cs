namespace Samsa.Storage;

/// <summary>Workers with threads of their own.</summary>
public sealed class ThreadWorkers : IWorkers
{
    private ThreadWorkers()
    {
    }

    /// <summary>The only one.</summary>
    public static ThreadWorkers Instance { get; } = new();

    /// <inheritdoc/>
    public IWorker Start(string name, Action round) => new ThreadWorker(name, round);

    /// <inheritdoc/>
    public Task RunAsync(Action work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public void ForEach<T>(IReadOnlyCollection<T> items, int threads, Action<T> work, CancellationToken cancellationToken) =>
        Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, work);

    private sealed class ThreadWorker : IWorker
    {
        private readonly object _gate = new();
        private readonly Action _round;
        private readonly Thread _thread;
        private bool _isWoken;
        private bool _isStopping;

        public ThreadWorker(string name, Action round)
        {
            _round = round;
            _thread = new Thread(Run) { IsBackground = true, Name = name };
            _thread.Start();
        }

        public void Wake()
        {
            lock (_gate)
            {
                _isWoken = true;
                Monitor.Pulse(_gate);
            }
        }

        public void Dispose()
        {
            lock (_gate)
            {
                _isStopping = true;
                Monitor.Pulse(_gate);
            }

            _thread.Join();
        }

        private void Run()
        {
            while (true)
            {
                lock (_gate)
                {
                    while (!_isWoken)
                    {
                        if (_isStopping)
                        {
                            return;
                        }

                        Monitor.Wait(_gate);
                    }

                    _isWoken = false;
                }

                _round();
            }
        }
    }
}
