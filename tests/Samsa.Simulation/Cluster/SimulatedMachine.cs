using System.Net;
using Samsa.Broker.Configuration;
using Samsa.Model;
using Samsa.Server;
using Samsa.Storage;

namespace Samsa.Simulation;

/// <summary>A machine with a disk, a clock of its own, and at most one broker, which lives and dies and is started again.</summary>
internal sealed class SimulatedMachine
{
    /// <summary>The cluster's id.</summary>
    public static readonly string ClusterId = MetaProperties.IdText(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    private readonly SimulatedCluster _cluster;
    private readonly double _drift;
    private readonly TimeSpan _clockOffset;
    private int _lives;

    public SimulatedMachine(SimulatedCluster cluster, int number)
    {
        _cluster = cluster;
        Id = new BrokerId(number);
        Address = new IPAddress([10, 0, 0, (byte)number]);

        // Quartz is off by some 50 ppm; a virtual machine by more.
        _drift = 1 + ((cluster.World.FaultRandom.NextDouble() - 0.5) * 0.002);
        _clockOffset = TimeSpan.FromMilliseconds(cluster.World.FaultRandom.Next(-500, 500));
        Disk.SetContent("/data/meta.properties", new MetaProperties(ClusterId, Id, cluster.World.Ids.NewGuid()).Format());
    }

    /// <summary>The broker's id.</summary>
    public BrokerId Id { get; }

    /// <summary>Where it is reached.</summary>
    public IPAddress Address { get; }

    /// <summary>What is on its disk.</summary>
    public SimulatedDisk Disk { get; private set; } = new();

    /// <summary>How long its disk takes for a sync.</summary>
    public TimeSpan DiskLatency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>The life it is in; null while nothing runs.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>The broker, once it serves.</summary>
    public SamsaServer? Server { get; private set; }

    /// <summary>Which life this is, from 1.</summary>
    public int Lives => _lives;

    /// <summary>Whether a process runs and is not held up.</summary>
    public bool IsRunning => Process is { IsPaused: false };

    /// <summary>Whether it is being stopped in good order.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>When whoever watches over it starts it again.</summary>
    public long DownUntil { get; private set; }

    /// <summary>Has it stay down for some time when it is down.</summary>
    public void StayDown(TimeSpan time) => DownUntil = _cluster.World.Now + time.Ticks;

    /// <summary>Starts a broker on what the disk holds.</summary>
    public void Start()
    {
        Invariant.Holds(Process is null);
        _cluster.Network.PowerOn(Address);
        var process = new SimulatedProcess(_cluster.World, (Id.Value * 1000) + ++_lives, $"broker-{Id}");
        Process = process;
        _cluster.World.Say($"start broker {Id}");
        process.Start("the start", () => RunAsync(process));
    }

    /// <summary>Kills the broker; what it wrote stays.</summary>
    public void Kill()
    {
        if (End("kill", withMachine: false))
        {
            Disk.ForgetOwner();
        }
    }

    /// <summary>Cuts the power: what was not synced may be gone.</summary>
    public void CutPower()
    {
        End("cut the power of", withMachine: true);
        Disk = Disk.AfterPowerCut(_cluster.World.DiskRandom);
    }

    /// <summary>Holds the broker up, or lets it go on.</summary>
    public void Pause(bool pause)
    {
        if (Process is not null)
        {
            _cluster.World.Say($"{(pause ? "pause" : "resume")} broker {Id}");
            Process.IsPaused = pause;
        }
    }

    /// <summary>Stops the broker in good order; it is gone when that is done.</summary>
    public void Stop()
    {
        if (Process is { } process && Server is { } server && !IsStopping)
        {
            _cluster.World.Say($"stop broker {Id}");
            IsStopping = true;
            process.Start("the stop", async () =>
            {
                await server.DisposeAsync();
                EndLater(process);
            });
        }
    }

    // As the program does: a broker that can no longer serve says why and ends.
    private async Task WatchAsync(SimulatedProcess process, SamsaServer server)
    {
        var reason = await server.OutOfService;
        _cluster.World.Say($"broker {Id} is out of service: {reason}");
        EndLater(process);
    }

    private void EndLater(SimulatedProcess process) => _cluster.World.After(TimeSpan.Zero, null, () =>
    {
        if (Process == process)
        {
            Kill();
        }
    });

    private bool End(string how, bool withMachine)
    {
        if (Process is not { } process)
        {
            return false;
        }

        _cluster.World.Say($"{how} broker {Id}");
        process.Kill();
        _cluster.Network.Gone(process, withMachine ? Address : null);
        Process = null;
        Server = null;
        IsStopping = false;
        return true;
    }

    private async Task RunAsync(SimulatedProcess process)
    {
        var time = new SimulatedTime(process, _drift, _clockOffset);
        Disk.NowMs = () => time.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            var server = await SamsaServer.StartAsync(
                new SamsaServerOptions
                {
                    Config = BrokerConfig.Load(new BrokerConfigSources
                    {
                        Data = "/data",
                        Set = [$"node.id={Id}", "samsa.admin.listener=", .. _cluster.SettingsOf(this)],
                    }),
                    FileSystem = Disk,
                    Time = time,
                    Loggers = new SimulatedLoggers(process),
                    Transport = _cluster.Network.For(process, Address),
                    Workers = new SimulatedWorkers(process, () => DiskLatency),
                    Random = _cluster.World.Ids,
                    OpenMetadataLog = listener => _cluster.Quorum.Open(Id, process, listener),
                },
                CancellationToken.None);
            Server = server;
            process.Start("the watch over its service", () => WatchAsync(process, server));
            _cluster.World.Say($"broker {Id} serves");
        }
        catch (IOException e)
        {
            // As the program does: it says why and ends. Whoever watches over it starts it again.
            _cluster.World.Say($"broker {Id} cannot start: {e.Message}");
            EndLater(process);
        }
    }
}
