using System.Net;
using System.Net.Sockets;
using Samsa.Network;

namespace Samsa.Simulation;

/// <summary>
/// Connections between machines that are told by their addresses: each takes its time, any may break, and who reaches whom is up to the faults. Bytes
/// of one connection arrive in order or not at all.
/// </summary>
internal sealed class SimulatedNetwork(World world)
{
    /// <summary>How long TCP goes on trying to reach a peer that is cut off; shorter than in life, so that runs see it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan s_connectPatience = TimeSpan.FromSeconds(20);
    private readonly Dictionary<IPEndPoint, SimulatedListener> _listeners = [];
    private readonly HashSet<(IPAddress From, IPAddress To)> _cut = [];
    private readonly Dictionary<IPAddress, TimeSpan> _slow = [];
    private readonly HashSet<IPAddress> _off = [];
    private readonly List<SimulatedChannel> _channels = [];
    private int _lastPort = 30_000;

    /// <summary>The world it is in.</summary>
    public World World => world;

    /// <summary>The transport as a process on a machine sees it.</summary>
    public ITransport For(SimulatedProcess process, IPAddress address) => new Transport(this, process, address);

    /// <summary>Whether bytes from one machine reach another.</summary>
    public bool Reaches(IPAddress from, IPAddress to) => !_cut.Contains((from, to)) && !_off.Contains(from) && !_off.Contains(to);

    /// <summary>Nothing sent by one machine reaches the other; the way back stays open.</summary>
    public void Cut(IPAddress from, IPAddress to)
    {
        if (_cut.Add((from, to)))
        {
            world.Say($"cut {from} -> {to}");
        }
    }

    /// <summary>Everything reaches everybody again, and at full speed.</summary>
    public void Heal()
    {
        world.Say("the network is whole");
        _cut.Clear();
        _slow.Clear();
        foreach (var channel in _channels.ToArray())
        {
            channel.Resume();
        }
    }

    /// <summary>Everything a machine sends takes that much longer.</summary>
    public void Slow(IPAddress from, TimeSpan by)
    {
        world.Say($"slow {from} by {by.TotalMilliseconds} ms");
        _slow[from] = by;
    }

    /// <summary>Breaks one of the connections that are open.</summary>
    public void BreakOne()
    {
        if (_channels.Count > 0)
        {
            var victim = _channels[world.FaultRandom.Next(_channels.Count)];
            world.Say($"break connection {victim.Number}");
            victim.Break();
        }
    }

    /// <summary>A machine is there again; who still sends to what ran on it before learns that it is gone.</summary>
    public void PowerOn(IPAddress address)
    {
        if (_off.Remove(address))
        {
            foreach (var channel in _channels.ToArray())
            {
                channel.Resume();
            }
        }
    }

    /// <summary>A process is gone. Its system closes what it had open, unless that went with it.</summary>
    /// <param name="process">Which.</param>
    /// <param name="machine">The machine that is off now; null where it goes on.</param>
    public void Gone(SimulatedProcess process, IPAddress? machine)
    {
        foreach (var (endPoint, listener) in _listeners.ToArray())
        {
            if (listener.Process == process)
            {
                _listeners.Remove(endPoint);
            }
        }

        foreach (var channel in _channels.ToArray())
        {
            if (channel.Process == process)
            {
                channel.Die(tellPeer: machine is null);
            }
        }

        if (machine is not null)
        {
            _off.Add(machine);
        }
    }

    internal TimeSpan Latency(IPAddress from)
    {
        // Mostly quick, now and then slow: a long tail finds more than an even spread.
        var micros = world.NetworkRandom.Next(10) == 0 ? world.NetworkRandom.Next(1_000, 30_000) : world.NetworkRandom.Next(50, 1_000);
        return TimeSpan.FromMicroseconds(micros) + _slow.GetValueOrDefault(from);
    }

    internal TimeSpan Patience => s_patience;

    internal void Open(SimulatedChannel channel) => _channels.Add(channel);

    internal void Closed(SimulatedChannel channel) => _channels.Remove(channel);

    private SimulatedListener Bind(SimulatedProcess process, IPEndPoint endPoint)
    {
        var named = endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, ++_lastPort) : endPoint;
        var listener = new SimulatedListener(this, process, named);
        return _listeners.TryAdd(named, listener) ? listener : throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    private async ValueTask<IByteChannel> ConnectAsync(SimulatedProcess process, IPAddress from, EndPoint endPoint, CancellationToken cancellationToken)
    {
        var to = endPoint as IPEndPoint ?? throw new SocketException((int)SocketError.HostNotFound);
        var connected = new TaskCompletionSource<IByteChannel>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelling = cancellationToken.UnsafeRegister(
            static (connected, token) => ((TaskCompletionSource<IByteChannel>)connected!).TrySetCanceled(token), connected);
        var local = new IPEndPoint(from, ++_lastPort);
        world.After(Latency(from), null, () => Knock(process, local, to, connected));
        world.After(s_connectPatience, null, () => connected.TrySetException(new SocketException((int)SocketError.TimedOut)));
        return await connected.Task;
    }

    private void Knock(SimulatedProcess process, IPEndPoint local, IPEndPoint to, TaskCompletionSource<IByteChannel> connected)
    {
        if (connected.Task.IsCompleted || !process.IsAlive)
        {
            return;
        }

        if (!Reaches(local.Address, to.Address) || !Reaches(to.Address, local.Address))
        {
            // As TCP does, until somebody gives up.
            world.After(TimeSpan.FromSeconds(1), null, () => Knock(process, local, to, connected));
            return;
        }

        if (!_listeners.TryGetValue(to, out var listener) || !listener.Process.IsAlive)
        {
            connected.TrySetException(new SocketException((int)SocketError.ConnectionRefused));
            return;
        }

        var (ours, theirs) = SimulatedChannel.Pair(this, process, local, listener.Process, to);
        if (!connected.TrySetResult(ours))
        {
            ours.Break();
            return;
        }

        listener.Offer(theirs);
    }

    private sealed class Transport(SimulatedNetwork network, SimulatedProcess process, IPAddress address) : ITransport
    {
        public IChannelListener Bind(IPEndPoint endPoint) => network.Bind(process, endPoint);

        public ValueTask<IByteChannel> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken) =>
            network.ConnectAsync(process, address, endPoint, cancellationToken);
    }

    internal void Unbind(IPEndPoint endPoint) => _listeners.Remove(endPoint);
}

/// <summary>A listening end point of one process.</summary>
internal sealed class SimulatedListener(SimulatedNetwork network, SimulatedProcess process, IPEndPoint endPoint) : IChannelListener
{
    private readonly Queue<IByteChannel> _incoming = new();
    private TaskCompletionSource? _waiting;
    private bool _isDisposed;

    public SimulatedProcess Process => process;

    public IPEndPoint LocalEndPoint => endPoint;

    public async ValueTask<IByteChannel> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            cancellationToken.ThrowIfCancellationRequested();
            if (_incoming.TryDequeue(out var channel))
            {
                return channel;
            }

            _waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var cancelling = cancellationToken.UnsafeRegister(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), _waiting);
            await _waiting.Task;
        }
    }

    public void Offer(IByteChannel channel)
    {
        _incoming.Enqueue(channel);
        _waiting?.TrySetResult();
    }

    public void Dispose()
    {
        _isDisposed = true;
        network.Unbind(endPoint);
        _waiting?.TrySetResult();
        while (_incoming.TryDequeue(out var channel))
        {
            channel.Dispose();
        }
    }
}
