namespace Samsa.Simulation;

/// <summary>Has things go wrong, one after the other and several at a time, until told to stop.</summary>
internal sealed class FaultPlan
{
    private readonly SimulatedCluster _cluster;
    private readonly FaultOptions _options;
    private readonly List<(int Weight, string Name, Action Begin)> _faults = [];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private bool _isOver;

    public FaultPlan(SimulatedCluster cluster, FaultOptions options)
    {
        (_cluster, _options) = (cluster, options);
        _faults.AddRange(
        [
            (6, "kill", () => Kill(Any())),
            (2, "clean stop", () => Stop(Any())),
            (4, "pause", () => Pause(Any())),
            (4, "broken connection", cluster.Network.BreakOne),
            (3, "slow network", () => Slow(Any())),
            (2, "slow disk", () => SlowDisk(Any())),
            (options.DiskFull ? 2 : 0, "full disk", () => FillDisk(Any())),
            (1, "kill of all", () => KillAll()),
            (options.PowerCuts ? 4 : 0, "power cut", () => CutPower(Any())),
            (options.PowerCuts ? 3 : 0, "power cut after a restart", () => CutPowerAfterRestart(Any())),
        ]);
        if (cluster.Machines.Count > 1)
        {
            _faults.AddRange(
            [
                (5, "isolation", () => Isolate(Any())),
                (4, "one-way cut", () => CutOneWay(Any(), Any())),
                (3, "controller moved", cluster.Quorum.MoveLeadership),
            ]);
        }
    }

    /// <summary>How often each went wrong.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    private Random Random => _cluster.World.FaultRandom;

    /// <summary>Begins.</summary>
    public void Start() => Later(_options.Pause, Next);

    /// <summary>Nothing further goes wrong, and all that is wrong is put right.</summary>
    public void Stop()
    {
        _isOver = true;
        _cluster.Network.Heal();
        foreach (var machine in _cluster.Machines)
        {
            machine.Pause(false);
            machine.Disk.Free = long.MaxValue;
            machine.DiskLatency = TimeSpan.FromMilliseconds(1);
            machine.StayDown(TimeSpan.Zero);
        }
    }

    private void Next()
    {
        if (_isOver)
        {
            return;
        }

        var left = Random.Next(_faults.Sum(f => f.Weight));
        foreach (var (weight, name, begin) in _faults)
        {
            if ((left -= weight) < 0)
            {
                _counts[name] = _counts.GetValueOrDefault(name) + 1;
                begin();
                break;
            }
        }

        Later(_options.Pause, Next);
    }

    private SimulatedMachine Any() => _cluster.Machines[Random.Next(_cluster.Machines.Count)];

    private TimeSpan Between(double from, double to) => TimeSpan.FromSeconds(from + ((to - from) * Random.NextDouble() * Random.NextDouble()));

    private void Later(TimeSpan about, Action action) => _cluster.World.After(about * (0.2 + (1.6 * Random.NextDouble())), null, action);

    // What a fault has changed is put right after a while, unless everything was put right before.
    private void For(TimeSpan time, Action end) => _cluster.World.After(time, null, () =>
    {
        if (!_isOver)
        {
            end();
        }
    });

    private void Kill(SimulatedMachine machine)
    {
        machine.StayDown(Between(0.1, 25));
        machine.Kill();
    }

    private void KillAll()
    {
        foreach (var machine in _cluster.Machines)
        {
            Kill(machine);
        }
    }

    private void Stop(SimulatedMachine machine)
    {
        machine.StayDown(Between(0.1, 15));
        machine.Stop();
    }

    private void CutPower(SimulatedMachine machine)
    {
        machine.StayDown(Between(1, 25));
        machine.CutPower();
    }

    // What a clean stop leaves behind must not be believed when the next end is none.
    private void CutPowerAfterRestart(SimulatedMachine machine)
    {
        machine.StayDown(TimeSpan.FromSeconds(0.1));
        machine.Stop();
        For(Between(3, 12), () => CutPower(machine));
    }

    private void Pause(SimulatedMachine machine)
    {
        machine.Pause(true);
        For(Between(0.05, 20), () => machine.Pause(false));
    }

    private void Isolate(SimulatedMachine machine)
    {
        foreach (var other in _cluster.Machines)
        {
            if (other != machine)
            {
                _cluster.Network.Cut(machine.Address, other.Address);
                _cluster.Network.Cut(other.Address, machine.Address);
            }
        }

        For(Between(0.5, 30), _cluster.Network.Heal);
    }

    private void CutOneWay(SimulatedMachine from, SimulatedMachine to)
    {
        if (from != to)
        {
            _cluster.Network.Cut(from.Address, to.Address);
            For(Between(0.5, 20), _cluster.Network.Heal);
        }
    }

    private void Slow(SimulatedMachine machine)
    {
        _cluster.Network.Slow(machine.Address, Between(0.005, 1));
        For(Between(1, 20), () => _cluster.Network.Slow(machine.Address, TimeSpan.Zero));
    }

    private void SlowDisk(SimulatedMachine machine)
    {
        machine.DiskLatency = Between(0.01, 1);
        For(Between(1, 20), () => machine.DiskLatency = TimeSpan.FromMilliseconds(1));
    }

    private void FillDisk(SimulatedMachine machine)
    {
        _cluster.World.Say($"the disk of broker {machine.Id} is full");
        machine.Disk.Free = Random.Next(20_000);
        For(Between(0.5, 15), () =>
        {
            _cluster.World.Say($"the disk of broker {machine.Id} has room");
            machine.Disk.Free = long.MaxValue;
        });
    }
}

/// <summary>What may go wrong.</summary>
internal sealed record FaultOptions
{
    /// <summary>The time between two faults, on average.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether machines may lose their power, and with it what was not synced.</summary>
    public bool PowerCuts { get; init; }

    /// <summary>Whether disks may fill up.</summary>
    public bool DiskFull { get; init; } = true;
}
