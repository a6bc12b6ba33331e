using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Network;

/// <summary>All listeners of a broker: bound first, so that a taken port is known before anything else starts, and served once the broker is ready.</summary>
public sealed class Listeners : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(ListenerEndpoint Endpoint, IChannelListener Listener)> _channelListeners;
    private readonly NetworkServices _services;
    private readonly Meter? _ownMeter;
    private readonly NetworkMetrics _metrics;
    private readonly RequestMemoryBudget _budget;
    private readonly ConnectionLog _log;
    private readonly ConnectionTable _table;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private NetworkOptions _options;
    private readonly Dictionary<string, ConnectionContext> _contexts = new(StringComparer.Ordinal);
    private Task? _watching;
    private Task? _stopped;

    private Listeners(List<(ListenerEndpoint Endpoint, IChannelListener Listener)> channelListeners, NetworkOptions options, NetworkServices services)
    {
        _channelListeners = channelListeners;
        _services = services;
        _options = options;
        _budget = new RequestMemoryBudget(options.QueuedMaxRequestBytes);
        _ownMeter = services.Meter is null ? new Meter(NetworkMetrics.MeterName) : null;
        _metrics = new NetworkMetrics(services.Meter ?? _ownMeter!, _budget, services.Pool);
        _log = new ConnectionLog(services.Loggers.CreateLogger("Samsa.Network"), services.Time);
        _table = new ConnectionTable(_log, options, services.Time);
        Bound = [.. channelListeners.DistinctBy(l => l.Endpoint).Select(l => new BoundListener(l.Endpoint.Name, l.Listener.LocalEndPoint))];
    }

    /// <summary>The listeners with their real ports.</summary>
    public IReadOnlyList<BoundListener> Bound { get; }

    /// <summary>The limits; a change takes effect on open connections too, where its documentation doesn't say otherwise.</summary>
    public NetworkOptions Options
    {
        get => _options;
        set
        {
            _options = value;
            lock (_lock)
            {
                foreach (var context in _contexts.Values)
                {
                    context.Options = value;
                }
            }

            _table.Options = value;
        }
    }

    /// <summary>Connections open now.</summary>
    public int ConnectionCount => _table.Count;

    /// <summary>Binds all listeners, or none. Clients may connect from now on; nobody serves them before <see cref="Start(IConnectionHandler)"/>.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken or not ours, or a host name is unknown.</exception>
    public static Listeners Bind(IReadOnlyList<ListenerEndpoint> endpoints, NetworkOptions options, NetworkServices services)
    {
        var bound = new List<(ListenerEndpoint, IChannelListener)>();
        try
        {
            foreach (var endpoint in endpoints)
            {
                bound.AddRange(HostBinding.Bind(endpoint, services.Transport).Select(listener => (endpoint, listener)));
            }

            return new Listeners(bound, options, services);
        }
        catch
        {
            bound.ForEach(b => b.Item2.Dispose());
            throw;
        }
    }

    /// <summary>Begins to accept and to serve, on every listener. Once.</summary>
    public void Start(IConnectionHandler handler) => Start(handler, Bound.Select(b => b.Name));

    /// <summary>Begins to accept and to serve on some listeners, while clients of the others still wait. Once for each.</summary>
    /// <param name="handler">Who serves them.</param>
    /// <param name="names">Names of listeners; one that is not there is passed over.</param>
    public void Start(IConnectionHandler handler, IEnumerable<string> names)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped is not null, this);
            var context = new ConnectionContext(handler, _services, _budget, _log, _options);
            foreach (var name in names.Distinct(StringComparer.Ordinal))
            {
                if (!_contexts.TryAdd(name, context))
                {
                    throw new InvalidOperationException($"The listener {name} has been started before.");
                }

                var counters = _metrics.Add(name);
                foreach (var (_, listener) in _channelListeners.Where(l => l.Endpoint.Name == name))
                {
                    _loops.Add(new AcceptLoop(name, listener, context, _table, counters).RunAsync(_stopping.Token));
                }
            }

            _watching ??= _table.WatchAsync(_services, _stopping.Token);
        }
    }

    /// <summary>
    /// Stops: accepts no more, begins no further request, lets those that have begun finish and their answers leave, then closes. What isn't
    /// done by the deadline is cut off. Returns when every session is disposed.
    /// </summary>
    public async ValueTask StopAsync(TimeSpan deadline)
    {
        Task stopped;
        lock (_lock)
        {
            stopped = _stopped ??= StopOnceAsync(deadline);
        }

        await stopped;
    }

    /// <summary>Stops at once.</summary>
    public ValueTask DisposeAsync() => StopAsync(TimeSpan.Zero);

    private async Task StopOnceAsync(TimeSpan deadline)
    {
        _stopping.CancelNow();
        foreach (var (_, listener) in _channelListeners)
        {
            listener.Dispose();
        }

        await Task.WhenAll(_loops);
        await (_watching ?? Task.CompletedTask);
        await _table.CloseAllAsync(deadline);
        _ownMeter?.Dispose();
        _stopping.Dispose();
    }
}
