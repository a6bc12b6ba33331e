using System.Net;
using Samsa.Broker;
using Samsa.Broker.Configuration;
using Samsa.Broker.Http;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>
/// A whole Samsa in one process: the composition root. It starts in an order in which each step finds the one before it
/// done (directories, metadata, controller's listeners, logs, registration, broker's listeners) and stops in the opposite order.
/// </summary>
public sealed class SamsaServer : IAsyncDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(10);

    private readonly NodeParts _parts;
    private readonly AdminListener? _admin;
    private bool _disposed;

    private SamsaServer(NodeParts parts, AdminListener? admin)
    {
        _parts = parts;
        _admin = admin;
    }

    /// <summary>Where it serves, with real ports.</summary>
    public IReadOnlyList<BoundListener> Listeners => _parts.Listeners.Bound;

    /// <summary>What recovery found and did; nothing on a node that is no broker.</summary>
    public RecoverySummary Recovery => _parts.Store?.Recovery ?? RecoverySummary.Nothing;

    /// <summary>The id of its cluster.</summary>
    public string ClusterId => _parts.Directories.ClusterId;

    /// <summary>How many partitions it holds.</summary>
    public int PartitionCount => _parts.Broker?.PartitionCount ?? 0;

    /// <summary>Completes, with the reason in words, when the server can no longer serve: every log directory, or the metadata log, is out of use.</summary>
    public Task<string> OutOfService => _parts.Watch.OutOfService;

    /// <summary>Where metrics and health are served; null where they are not.</summary>
    public IPEndPoint? AdminEndPoint => _admin?.EndPoint;

    /// <summary>The first of its listeners as <c>host:port</c>, for a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => _parts.Listeners.Bound[0].EndPoint.ToString();

    /// <summary>The broker of a node that is one.</summary>
    internal BrokerNode Broker => _parts.Broker ?? throw new InvalidOperationException("This node is no broker");

    internal ClusterNode Node => _parts.Node;

    /// <summary>Starts; it serves when the task completes.</summary>
    /// <exception cref="ConfigException">A setting is missing.</exception>
    /// <exception cref="LogDirectoryException">A data directory is in use, somebody else's, or cannot be used.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken or not ours.</exception>
    /// <exception cref="LogCorruptException">The metadata log is damaged.</exception>
    /// <exception cref="IOException">The disk failed, or the cluster does not take this node.</exception>
    /// <exception cref="NotSupportedException">A setting asks for what this release cannot do.</exception>
    public static async Task<SamsaServer> StartAsync(SamsaServerOptions options, CancellationToken cancellationToken)
    {
        ServerSettings.Check(options);
        var undo = new Stack<Func<ValueTask>>();
        try
        {
            var (config, parts) = (options.Config, await NodeParts.OpenAsync(options, undo, cancellationToken));
            if (config.Quorum.IsController)
            {
                parts.Listeners.Start(parts.Node, config.ControllerListeners.Select(l => l.Name));
            }

            parts.Node.Follow(parts.Watch.MetadataLogFailed);
            if (config.Quorum.IsBroker)
            {
                // What a broker does with its logs depends on the metadata: it must not act on an old image.
                await parts.UnlessOutOfServiceAsync(parts.MetadataLog.CatchUpAsync(cancellationToken).AsTask());
                await StartBrokerAsync(parts, undo, cancellationToken);
            }

            parts.Ready.Value = true;
            var admin = AdminListener.Start(config, new AdminServices
            {
                Health = parts.Watch.Health,
                Metrics = parts.Metrics,
                Time = options.Time,
                Loggers = options.Loggers,
            });
            return new SamsaServer(parts, admin);
        }
        catch
        {
            while (undo.TryPop(out var step))
            {
                await step();
            }

            throw;
        }
    }

    /// <summary>
    /// Clean shutdown: no further request begins, waiting ones end, answers leave, every log is flushed and closed, and
    /// the next start is told so.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _parts.Ready.Value = false;
        var broker = _parts.Broker;
        if (broker is not null)
        {
            await broker.LeaveAsync();
            broker.StopWaiting();
        }

        _parts.Node.StopWaiting();
        await _parts.Listeners.StopAsync(s_drain);
        if (broker is not null)
        {
            await broker.StopFetchingAsync();
            broker.Dispose();
        }

        if (_parts.Store is { } store)
        {
            await store.DisposeAsync();
        }

        await _parts.Node.DisposeAsync();
        await _parts.MetadataLog.DisposeAsync();
        _parts.Directories.Dispose();
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        _parts.Metrics.Dispose();
    }

    private static async Task StartBrokerAsync(NodeParts parts, Stack<Func<ValueTask>> undo, CancellationToken cancellationToken)
    {
        var (options, config) = (parts.Options, parts.Options.Config);
        var store = await LogStore.OpenAsync(
            ServerSettings.Store(options, parts.Directories, parts.Config, () => parts.Broker?.Epoch ?? -1, parts.Metrics.Flushed, parts.Watch),
            options.Progress,
            cancellationToken);
        parts.Store = store;
        undo.Push(store.DisposeAsync);
        var broker = new BrokerNode(new BrokerNodeOptions
        {
            Node = parts.Node,
            Store = store,
            Endpoints = ServerSettings.Endpoints(config, parts.Listeners),
            Failed = parts.Watch.MetadataLogFailed,
        });
        parts.Broker = broker;
        undo.Push(() => NodeParts.Sync(broker.Dispose));
        await broker.RegisterAsync(cancellationToken);
        parts.Listeners.Start(broker, config.BrokerListeners.Select(l => l.Name));
    }
}
