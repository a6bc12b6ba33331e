using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>
/// The one thread, its clock and its dice. Processes hand it work; it chooses by the seed whose work runs next. Time passes a
/// little with each piece of work, and in leaps where there is none.
/// </summary>
internal sealed class World : IDisposable
{
    /// <summary>More work than this within one virtual second is a loop that never ends.</summary>
    private const long MostWorkPerSecond = 2_000_000;

    private readonly PriorityQueue<Due, (long Ticks, long Number)> _due = new();
    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<SimulatedProcess> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Random _scheduling;
    private SimulationFailure? _failure;
    private long _nextNumber;
    private long _second;
    private long _workInSecond;

    static World() => Invariant.InsteadOfEnding = static broken => SimulatedProcess.Running?.Fail(broken);

    /// <summary>A world out of a seed.</summary>
    public World(int seed, TextWriter? verbose)
    {
        Seed = seed;
        var random = new Random(seed);
        _scheduling = new Random(random.Next());
        NetworkRandom = new Random(random.Next());
        DiskRandom = new Random(random.Next());
        FaultRandom = new Random(random.Next());
        LoadRandom = new Random(random.Next());
        Ids = new SeededRandom(new Random(random.Next()));
        Trace = new Trace(verbose);
    }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>Virtual time since the beginning, in ticks of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>Dice of the network.</summary>
    public Random NetworkRandom { get; }

    /// <summary>Dice of the disks.</summary>
    public Random DiskRandom { get; }

    /// <summary>Dice of the faults.</summary>
    public Random FaultRandom { get; }

    /// <summary>Dice of the workloads.</summary>
    public Random LoadRandom { get; }

    /// <summary>Where ids come from.</summary>
    public IRandomSource Ids { get; }

    /// <summary>What happened.</summary>
    public Trace Trace { get; }

    /// <summary>Called after each piece of work.</summary>
    public Action? AfterWork { get; set; }

    /// <summary>Pieces of work done.</summary>
    public long Work { get; private set; }

    /// <summary>Has something done later, in a process's name or nobody's.</summary>
    public void After(TimeSpan delay, SimulatedProcess? process, Action action) => At(Now + Math.Max(0, delay.Ticks), process, action);

    /// <summary>Has something done at a time.</summary>
    public void At(long ticks, SimulatedProcess? process, Action action)
    {
        CheckThread();
        _due.Enqueue(new Due(process, action), (Math.Max(ticks, Now), _nextNumber++));
    }

    /// <summary>Adds words to the trace.</summary>
    public void Say(string text) => Trace.Add(Now, text);

    /// <summary>Ends the run: a rule was broken.</summary>
    public void Fail(SimulationFailure failure) => _failure ??= failure;

    /// <summary>Runs for some virtual time.</summary>
    public void Run(TimeSpan time)
    {
        var end = Now + time.Ticks;
        RunUntil(() => Now >= end, time + TimeSpan.FromSeconds(1));
        Now = Math.Max(Now, end);
    }

    /// <summary>Runs until a condition holds.</summary>
    /// <returns>Whether it came to hold within the time.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan atMost)
    {
        var (end, outside) = (Now + atMost.Ticks, SynchronizationContext.Current);
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!condition())
            {
                if (Now >= end)
                {
                    return false;
                }

                Step(end);
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Trace.Dispose();

    internal void Add(SimulatedProcess process) => _processes.Add(process);

    internal void Remove(SimulatedProcess process) => _processes.Remove(process);

    internal void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Fail(new SimulationFailure("determinism", $"work left the simulation's thread:\n{Environment.StackTrace}"));
        }
    }

    private void Step(long end)
    {
        while (_due.TryPeek(out var due, out var at) && at.Ticks <= Now)
        {
            _due.Dequeue();
            Trace.Add(TraceEvent.CameDue, Now, at.Number, due.Process?.Number ?? -1);
            ComeDue(due);
        }

        _ready.Clear();
        foreach (var process in _processes)
        {
            if (process.IsReady)
            {
                _ready.Add(process);
            }
        }

        if (_ready.Count == 0)
        {
            Now = _due.TryPeek(out _, out var next) ? Math.Min(next.Ticks, end) : end;
            Throw();
            return;
        }

        var chosen = _ready[_ready.Count == 1 ? 0 : _scheduling.Next(_ready.Count)];
        var place = chosen.RunOne(_scheduling);
        Work++;
        Trace.Add(TraceEvent.Ran, Now, chosen.Number, place);
        Now += _scheduling.Next(5, 200);
        CountWork();
        AfterWork?.Invoke();
        Throw();
    }

    private void ComeDue(Due due)
    {
        if (due.Process is null)
        {
            due.Action();
        }
        else
        {
            due.Process.Post(static action => ((Action)action!)(), due.Action);
        }
    }

    private void CountWork()
    {
        var second = Now / TimeSpan.TicksPerSecond;
        _workInSecond = second == _second ? _workInSecond + 1 : 0;
        _second = second;
        if (_workInSecond > MostWorkPerSecond)
        {
            Fail(new SimulationFailure("liveness", $"more than {MostWorkPerSecond} pieces of work in one second"));
        }
    }

    private void Throw()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    private readonly record struct Due(SimulatedProcess? Process, Action Action);
}
