using System.Net;

namespace Samsa.Network;

/// <summary>All open connections: counts them against the limits, watches for idle ones, and closes them in the end.</summary>
internal sealed class ConnectionTable(ConnectionLog log, NetworkOptions options, TimeProvider time)
{
    private static readonly TimeSpan LongestWatchInterval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Connection, Task> _connections = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly List<AsyncSignal> _waitingForRoom = [];
    private int _reserved;
    private long _lastId;
    private volatile NetworkOptions _options = options;

    public NetworkOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            WakeWaiting();
        }
    }

    /// <summary>When the next connection may be served.</summary>
    public AcceptPace Pace { get; } = new(time);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>A number for one more connection, by which logs tell it from the others.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Takes a place under <c>max.connections</c>, or notes the signal to be set when one may be free.</summary>
    public bool TryReserve(AsyncSignal whenFree)
    {
        lock (_lock)
        {
            if (_reserved < _options.MaxConnections)
            {
                _reserved++;
                return true;
            }

            if (!_waitingForRoom.Contains(whenFree))
            {
                _waitingForRoom.Add(whenFree);
            }
        }

        log.TooManyConnections(_options.MaxConnections);
        return false;
    }

    /// <summary>Counts one more connection of an address; false where it has as many as it may.</summary>
    public bool TryAdd(IPAddress? address)
    {
        if (address is null)
        {
            return true;
        }

        var limit = _options.MaxConnectionsPerIpOverrides.GetValueOrDefault(address, _options.MaxConnectionsPerIp);
        lock (_lock)
        {
            var open = _perAddress.GetValueOrDefault(address);
            if (open < limit)
            {
                _perAddress[address] = open + 1;
                return true;
            }
        }

        log.TooManyFromAddress(address, limit);
        return false;
    }

    /// <summary>Runs a connection that has its reservations, and gives them back when it ends.</summary>
    public void Run(Connection connection, IPAddress? address, ListenerCounters counters)
    {
        counters.ConnectionOpened();
        lock (_lock)
        {
            _connections.Add(connection, RunAsync(connection, address, counters));
        }
    }

    /// <summary>A connection that had its reservations was sent away.</summary>
    public void Refused(IPAddress address)
    {
        lock (_lock)
        {
            Leave(address);
        }

        GiveBack();
    }

    /// <summary>Gives a place under <c>max.connections</c> back.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _reserved--;
        }

        WakeWaiting();
    }

    /// <summary>Looks for idle connections until cancelled; trims the pool on the way.</summary>
    public async Task WatchAsync(NetworkServices services, CancellationToken cancellationToken)
    {
        var pool = services.Pool;
        var sinceTrim = TimeSpan.Zero;
        using var timer = new PeriodicTimer(WatchInterval(), services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                sinceTrim += timer.Period;
                if (sinceTrim >= TimeSpan.FromSeconds(10))
                {
                    sinceTrim = TimeSpan.Zero;
                    pool.Trim();
                }

                foreach (var connection in Snapshot())
                {
                    connection.CheckIdle();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the listeners.
        }
    }

    /// <summary>Drains all connections, and cuts off what isn't done by the deadline.</summary>
    public async Task CloseAllAsync(TimeSpan deadline)
    {
        Task ended;
        lock (_lock)
        {
            ended = Task.WhenAll(_connections.Values);
        }

        if (deadline > TimeSpan.Zero)
        {
            foreach (var connection in Snapshot())
            {
                connection.Drain();
            }

            try
            {
                await ended.WaitAsync(deadline, time);
                return;
            }
            catch (TimeoutException)
            {
                Log.StopCutOff(log.Logger, Count);
            }
        }

        foreach (var connection in Snapshot())
        {
            connection.Abort();
        }

        await ended;
    }

    private async Task RunAsync(Connection connection, IPAddress? address, ListenerCounters counters)
    {
        await connection.RunAsync();
        counters.ConnectionClosed();
        lock (_lock)
        {
            _connections.Remove(connection);
            Leave(address);
        }

        GiveBack();
    }

    private void Leave(IPAddress? address)
    {
        if (address is null)
        {
            return;
        }

        var open = _perAddress[address] - 1;
        if (open == 0)
        {
            _perAddress.Remove(address);
        }
        else
        {
            _perAddress[address] = open;
        }
    }

    private void WakeWaiting()
    {
        lock (_lock)
        {
            _waitingForRoom.ForEach(signal => signal.Set(inline: false));
            _waitingForRoom.Clear();
        }
    }

    // An idle connection is noticed between once and 1.1 times its limit.
    private TimeSpan WatchInterval() => _options.ConnectionsMaxIdle <= TimeSpan.Zero
        ? LongestWatchInterval
        : TimeSpan.FromTicks(Math.Clamp(_options.ConnectionsMaxIdle.Ticks / 10, TimeSpan.TicksPerMillisecond, LongestWatchInterval.Ticks));

    private Connection[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _connections.Keys];
        }
    }
}
