using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>
/// One life of a process: all that awaits in its name goes on through here. Killed, it stops between any two awaits and never goes on;
/// paused, it goes on later.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    /// <summary>How far behind the front of the queue work may be chosen: threads of a pool overtake each other.</summary>
    private const int Overtaking = 4;

    private readonly World _world;
    private readonly List<(SendOrPostCallback Callback, object? State)> _queue = [];

    public SimulatedProcess(World world, int number, string name)
    {
        _world = world;
        Number = number;
        Name = name;
        world.Add(this);
    }

    /// <summary>Which process, for the trace.</summary>
    public int Number { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>Whether it has not been killed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether it is stopped for now.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The world it lives in.</summary>
    public World World => _world;

    /// <summary>Whether it has work that may run.</summary>
    public bool IsReady => IsAlive && !IsPaused && _queue.Count > 0;

    /// <summary>Called when it is killed.</summary>
    public Action? Killed { get; set; }

    /// <summary>The process whose work runs, for whoever has no other way to know.</summary>
    public static SimulatedProcess? Running => Current as SimulatedProcess;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        // Of the dead, the collector's thread may still wake timers.
        if (IsAlive)
        {
            _world.CheckThread();
            _queue.Add((d, state));
        }
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nobody may wait for another's work");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Begins something in its name.</summary>
    public void Start(string what, Func<Task> work) => Post(_ => _ = Observe(what, work()), null);

    /// <summary>Ends it: nothing of it goes on.</summary>
    public void Kill()
    {
        if (IsAlive)
        {
            IsAlive = false;
            _queue.Clear();
            _world.Remove(this);
            Killed?.Invoke();
        }
    }

    /// <summary>It found that something is that cannot be.</summary>
    public void Fail(InvariantException broken) =>
        _world.Fail(new SimulationFailure("invariant", $"{Name}: {broken.Message}\n{broken.StackTrace}", broken));

    internal int RunOne(Random random)
    {
        var place = _queue.Count > 1 && random.Next(4) == 0 ? random.Next(Math.Min(Overtaking, _queue.Count)) : 0;
        var (callback, state) = _queue[place];
        _queue.RemoveAt(place);
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        catch (Exception failure)
        {
            _world.Fail(new SimulationFailure(failure is InvariantException ? "invariant" : "crash", $"{Name}: {failure.Message}", failure));
        }
        finally
        {
            SetSynchronizationContext(before);
        }

        return place;
    }

    private async Task Observe(string what, Task work)
    {
        try
        {
            await work;
        }
        catch (SimulationFailure failure)
        {
            _world.Fail(failure);
        }
        catch (Exception failure)
        {
            _world.Fail(new SimulationFailure(
                failure is InvariantException ? "invariant" : "crash", $"{Name}: {what} failed: {failure.Message}\n{failure.StackTrace}", failure));
        }
    }
}
