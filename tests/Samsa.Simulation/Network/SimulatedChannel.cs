using System.Net;
using Samsa.Network;

namespace Samsa.Simulation;

/// <summary>
/// One end of a connection. What it sends is on its way for a while; where the way is cut it waits, as TCP does, and after a long
/// time the sender takes the connection for broken, which the other end may never hear.
/// </summary>
internal sealed class SimulatedChannel : IByteChannel
{
    /// <summary>Bytes that may be sent and not yet taken by the peer's process.</summary>
    private const int Window = 256 << 10;

    private readonly SimulatedNetwork _network;
    private readonly IPEndPoint _local;
    private readonly IPEndPoint _remote;
    private readonly Queue<ReadOnlyMemory<byte>> _received = new();
    private readonly Queue<ReadOnlyMemory<byte>> _stalled = new();
    private SimulatedChannel _peer = null!;
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;
    private long _lastArrival;
    private long _stalledSince = -1;
    private int _unread;
    private bool _isOver;
    private bool _hasEnded;
    private bool _isEndStalled;

    private SimulatedChannel(SimulatedNetwork network, SimulatedProcess process, IPEndPoint local, IPEndPoint remote)
    {
        (_network, Process, _local, _remote) = (network, process, local, remote);
        Number = local.Port < remote.Port ? remote.Port : -local.Port;
        network.Open(this);
    }

    /// <summary>Which one, for the trace; the other end's number is its negative.</summary>
    public long Number { get; }

    /// <summary>Whose end it is.</summary>
    public SimulatedProcess Process { get; }

    /// <inheritdoc/>
    public EndPoint LocalEndPoint => _local;

    /// <inheritdoc/>
    public EndPoint RemoteEndPoint => _remote;

    /// <summary>Two ends of a new connection.</summary>
    public static (SimulatedChannel Ours, SimulatedChannel Theirs) Pair(
        SimulatedNetwork network, SimulatedProcess process, IPEndPoint local, SimulatedProcess listening, IPEndPoint remote)
    {
        var ours = new SimulatedChannel(network, process, local, remote);
        var theirs = new SimulatedChannel(network, listening, remote, local);
        (ours._peer, theirs._peer) = (theirs, ours);
        return (ours, theirs);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            if (_isOver)
            {
                return 0;
            }

            if (_received.Count > 0)
            {
                return Take(buffer);
            }

            if (_hasEnded)
            {
                return 0;
            }

            _readable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _readable.Task;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SendAsync(IList<ArraySegment<byte>> segments)
    {
        while (_peer._unread > Window && !_isOver && !_hasEnded)
        {
            _writable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _writable.Task;
        }

        if (_isOver || _hasEnded)
        {
            return false;
        }

        var bytes = segments.SelectMany(static s => s).ToArray();
        _peer._unread += bytes.Length;
        Transmit(bytes);
        return true;
    }

    /// <inheritdoc/>
    public void Shutdown() => End(sendEnd: true);

    /// <inheritdoc/>
    public void Abort() => End(sendEnd: true);

    /// <inheritdoc/>
    public void Dispose() => End(sendEnd: true);

    /// <summary>The way may be free again.</summary>
    public void Resume()
    {
        if (!_network.Reaches(_local.Address, _remote.Address))
        {
            return;
        }

        _stalledSince = -1;
        while (_stalled.TryDequeue(out var bytes))
        {
            Transmit(bytes);
        }

        if (_isEndStalled)
        {
            _isEndStalled = false;
            SendEnd();
        }
    }

    /// <summary>Both ends find it broken, each in its time.</summary>
    public void Break()
    {
        _network.World.After(_network.Latency(_local.Address), null, () => End(sendEnd: false));
        _network.World.After(_network.Latency(_remote.Address), null, () => _peer.End(sendEnd: false));
    }

    /// <summary>Its process is gone.</summary>
    public void Die(bool tellPeer) => End(tellPeer);

    private int Take(Memory<byte> buffer)
    {
        var taken = 0;
        while (taken < buffer.Length && _received.TryPeek(out var first))
        {
            var piece = Math.Min(buffer.Length - taken, first.Length);
            first[..piece].CopyTo(buffer[taken..]);
            taken += piece;
            if (piece == first.Length)
            {
                _received.Dequeue();
                continue;
            }

            // A queue's first cannot be replaced.
            var rest = _received.Skip(1).Prepend(first[piece..]).ToArray();
            _received.Clear();
            Array.ForEach(rest, _received.Enqueue);
        }

        _unread -= taken;
        _peer.Wake(ref _peer._writable);
        return taken;
    }

    private void Transmit(ReadOnlyMemory<byte> bytes)
    {
        if (!_network.Reaches(_local.Address, _remote.Address))
        {
            Stall();
            _stalled.Enqueue(bytes);
            return;
        }

        _lastArrival = Math.Max(_lastArrival, _network.World.Now + _network.Latency(_local.Address).Ticks);
        _network.World.At(_lastArrival, null, () => Arrive(bytes));
    }

    private void Stall()
    {
        if (_stalledSince >= 0)
        {
            return;
        }

        var since = _stalledSince = _network.World.Now;
        _network.World.After(_network.Patience, null, () =>
        {
            if (_stalledSince == since && !_network.Reaches(_local.Address, _remote.Address))
            {
                End(sendEnd: false);
            }
        });
    }

    private void Arrive(ReadOnlyMemory<byte> bytes)
    {
        if (_peer._isOver)
        {
            // Nobody there: a reset comes back.
            if (_network.Reaches(_remote.Address, _local.Address))
            {
                _network.World.After(_network.Latency(_remote.Address), null, () => End(sendEnd: false));
            }

            return;
        }

        _network.World.Trace.Add(TraceEvent.Arrived, _peer.Number, _network.World.Now, bytes.Length);
        _network.World.Trace.Add(bytes.Span);
        _peer._received.Enqueue(bytes);
        _peer.Wake(ref _peer._readable);
    }

    private void End(bool sendEnd)
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _network.Closed(this);
        Wake(ref _readable);
        Wake(ref _writable);
        if (sendEnd)
        {
            SendEnd();
        }
    }

    private void SendEnd()
    {
        if (!_network.Reaches(_local.Address, _remote.Address))
        {
            // Told once the way is free; until then the peer knows nothing.
            _isEndStalled = true;
            _network.Open(this);
            return;
        }

        _network.Closed(this);
        _lastArrival = Math.Max(_lastArrival, _network.World.Now + _network.Latency(_local.Address).Ticks);
        _network.World.At(_lastArrival, null, () =>
        {
            _peer._hasEnded = true;
            _peer.Wake(ref _peer._readable);
            _peer.Wake(ref _peer._writable);
        });
    }

    private void Wake(ref TaskCompletionSource? waiting)
    {
        var waiter = waiting;
        waiting = null;
        waiter?.TrySetResult();
    }
}
