using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Samsa.Broker;
using Samsa.Broker.Configuration;
using Samsa.Broker.Http;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Controller;
using Samsa.Core.Metadata;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>
/// A whole Samsa in one process: the composition root. It starts in an order in which each step finds the one before it
/// done (directories, metadata, logs, registration, listeners) and stops in the opposite order.
/// </summary>
public sealed class SamsaServer : IAsyncDisposable
{
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(10);

    private readonly Listeners _listeners;
    private readonly BrokerNode _broker;
    private readonly LogStore _store;
    private readonly IMetadataLog _metadataLog;
    private readonly LogDirectories _directories;
    private readonly BrokerMetrics _metrics;
    private readonly AdminListener? _admin;
    private readonly StrongBox<bool> _ready;
    private readonly Task<string> _outOfService;
    private bool _disposed;

    private SamsaServer(
        Listeners listeners,
        BrokerNode broker,
        LogStore store,
        IMetadataLog metadataLog,
        LogDirectories directories,
        BrokerMetrics metrics,
        AdminListener? admin,
        StrongBox<bool> ready,
        Task<string> outOfService)
    {
        _outOfService = outOfService;
        _metrics = metrics;
        _admin = admin;
        _ready = ready;
        _listeners = listeners;
        _broker = broker;
        _store = store;
        _metadataLog = metadataLog;
        _directories = directories;
    }

    internal BrokerNode Broker => _broker;

    /// <summary>Where it serves, with real ports.</summary>
    public IReadOnlyList<BoundListener> Listeners => _listeners.Bound;

    /// <summary>What recovery found and did.</summary>
    public RecoverySummary Recovery => _store.Recovery;

    /// <summary>The id of its cluster.</summary>
    public string ClusterId => _store.ClusterId;

    /// <summary>How many partitions it holds.</summary>
    public int PartitionCount => _broker.PartitionCount;

    /// <summary>Completes, with the reason in words, when the server can no longer serve: every log directory, or the metadata log, is out of use.</summary>
    public Task<string> OutOfService => _outOfService;

    /// <summary>Where metrics and health are served; null where they are not.</summary>
    public IPEndPoint? AdminEndPoint => _admin?.EndPoint;

    /// <summary>The first of its listeners as <c>host:port</c>, for a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => _listeners.Bound[0].EndPoint.ToString();

    /// <summary>Starts; it serves when the task completes.</summary>
    /// <exception cref="LogDirectoryException">A data directory is in use, somebody else's, or cannot be used.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken or not ours.</exception>
    /// <exception cref="LogCorruptException">The metadata log is damaged.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="NotSupportedException">A setting asks for what this release cannot do.</exception>
    public static async Task<SamsaServer> StartAsync(SamsaServerOptions options, CancellationToken cancellationToken)
    {
        var config = options.Config;
        RefuseUnsupported(config);
        var undo = new Stack<Func<ValueTask>>();
        try
        {
            BrokerNode? broker = null;
            LogStore? store = null;
            var ready = new StrongBox<bool>();
            var metrics = new BrokerMetrics(Readings(() => broker, () => store, ready, options));
            undo.Push(() => Sync(metrics.Dispose));
            var listeners = BindListeners(options, metrics);
            undo.Push(listeners.DisposeAsync);
            var directories = LogDirectories.Claim(options.FileSystem, config.LogDirs, config.NodeId, config.Get(NodeConfigs.ClusterId));
            undo.Push(() => Sync(directories.Dispose));
            var watch = new ServiceWatch(directories, MetadataDirectory(options, directories), ready);
            var metadata = new MetadataState();
            var metadataLog = options.OpenMetadataLog?.Invoke(metadata) ?? LocalMetadataLog.Open(MetadataLogOptions(options, directories, watch), metadata);
            undo.Push(metadataLog.DisposeAsync);
            var current = new CurrentConfig(config, metadata);
            var node = new ClusterNode(new ClusterNodeOptions
            {
                Config = current,
                Metadata = metadata,
                MetadataLog = metadataLog,
                ClusterId = directories.ClusterId,
                Metrics = metrics,
                Transport = Transport(options),
                Time = options.Time,
                Random = options.Random,
                Loggers = options.Loggers,
            });
            undo.Push(() => Sync(node.Dispose));
            store = await LogStore.OpenAsync(
                StoreOptions(options, directories, current, () => broker?.Epoch ?? -1, metrics.Flushed, watch), options.Progress, cancellationToken);
            undo.Push(store.DisposeAsync);
            broker = new BrokerNode(new BrokerNodeOptions { Node = node, Store = store, Endpoints = Endpoints(config, listeners) });
            undo.Push(() => Sync(broker.Dispose));
            await broker.RegisterAsync(cancellationToken);
            listeners.Start(broker);
            ready.Value = true;
            var admin = AdminListener.Start(config, new AdminServices
            {
                Health = watch.Health,
                Metrics = metrics,
                Time = options.Time,
                Loggers = options.Loggers,
            });
            return new SamsaServer(listeners, broker, store, metadataLog, directories, metrics, admin, ready, watch.OutOfService);
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
        _ready.Value = false;
        _broker.StopWaiting();
        await _listeners.StopAsync(s_drain);
        _broker.Dispose();
        await _store.DisposeAsync();
        await _metadataLog.DisposeAsync();
        _directories.Dispose();
        if (_admin is not null)
        {
            await _admin.DisposeAsync();
        }

        _metrics.Dispose();
    }

    private static BrokerReadings Readings(Func<BrokerNode?> broker, Func<LogStore?> store, StrongBox<bool> ready, SamsaServerOptions options) => new()
    {
        Partitions = () => broker()?.CountPartitions() ?? default,
        LogDirectories = () => store()?.Directories.Select(d => new LogDirectoryReading(
            d.Path,
            store()!.Logs.Where(l => l.Directory.StartsWith(d.Path, StringComparison.Ordinal)).Sum(l => l.SizeInBytes),
            d.OfflineReason is null ? options.FileSystem.FreeBytes(d.Path) : 0,
            d.OfflineReason is null)) ?? [],
        WaitingFetches = static () => BrokerNode.WaitingFetchCount,
        FetchSessions = () => broker()?.FetchSessionCount ?? 0,
        IsReady = () => ready.Value,
        DroppedLogEntries = () => (options.Loggers as ConsoleLog)?.Dropped ?? 0,
    };

    private static void RefuseUnsupported(BrokerConfig config)
    {
        foreach (var listener in config.Listeners)
        {
            if (listener.Protocol != SecurityProtocol.Plaintext)
            {
                throw new NotSupportedException(
                    $"The listener {listener} asks for {listener.Protocol}, which this release does not have: map it to PLAINTEXT in listener.security.protocol.map.");
            }
        }
    }

    private static Listeners BindListeners(SamsaServerOptions options, BrokerMetrics metrics) => Network.Listeners.Bind(
        [.. options.Config.Listeners.Select(l => new Network.ListenerEndpoint(l.Name, l.Host, l.Port))],
        options.Config.ToNetworkOptions(),
        new NetworkServices
        {
            Transport = Transport(options),
            Time = options.Time,
            Loggers = options.Loggers,
            Meter = metrics.MakeMeter(NetworkMetrics.MeterName),
        });

    private static ITransport Transport(SamsaServerOptions options) => options.Transport ?? new SocketTransport(options.Config.ToSocketOptions());

    private static string MetadataDirectory(SamsaServerOptions options, LogDirectories directories) =>
        options.Config.Get(MetadataConfigs.MetadataLogDir) ?? directories.All[0].Path;

    private static LocalMetadataLogOptions MetadataLogOptions(SamsaServerOptions options, LogDirectories directories, ServiceWatch watch) => new()
    {
        FileSystem = options.FileSystem,
        LogDirectory = MetadataDirectory(options, directories),
        Failed = watch.MetadataLogFailed,
        NodeId = options.Config.NodeId,
        MaxBytesBetweenSnapshots = options.Config.Get(MetadataConfigs.MetadataLogMaxRecordBytesBetweenSnapshots),
        TimeProvider = options.Time,
        Logger = options.Loggers.CreateLogger<LocalMetadataLog>(),
    };

    private static LogStoreOptions StoreOptions(
        SamsaServerOptions options, LogDirectories directories, CurrentConfig current, Func<long> brokerEpoch, Action<TimeSpan> synced, ServiceWatch watch)
    {
        var config = options.Config;
        return new LogStoreOptions
        {
            Directories = directories,
            ConfigFor = current.LogConfigOf,
            RecoveryThreadsPerDirectory = config.Get(LogConfigs.NumRecoveryThreadsPerDataDir),
            RetentionCheckInterval = TimeSpan.FromMilliseconds(config.Get(LogConfigs.RetentionCheckIntervalMs)),
            RecoveryPointCheckpointInterval = TimeSpan.FromMilliseconds(config.Get(LogConfigs.FlushOffsetCheckpointIntervalMs)),
            LogStartOffsetCheckpointInterval = TimeSpan.FromMilliseconds(config.Get(LogConfigs.FlushStartOffsetCheckpointIntervalMs)),
            HighWatermarkCheckpointInterval = TimeSpan.FromMilliseconds(config.Get(ReplicationConfigs.ReplicaHighWatermarkCheckpointIntervalMs)),
            BrokerEpoch = brokerEpoch,
            Synced = synced,
            DirectoryFailed = watch.DirectoryFailed,
            Workers = options.Workers,
            Random = options.Random,
            TimeProvider = options.Time,
            LoggerFactory = options.Loggers,
        };
    }

    // What clients are told: the advertised host, and where no port was fixed, the one the system chose.
    private static BrokerEndpoint[] Endpoints(BrokerConfig config, Listeners listeners) =>
    [
        .. config.AdvertisedListeners.Select(a => new BrokerEndpoint(
            a.Name,
            a.Host.Length > 0 ? a.Host : Dns.GetHostName(),
            a.Port > 0 ? a.Port : listeners.Bound.First(b => string.Equals(b.Name, a.Name, StringComparison.OrdinalIgnoreCase)).EndPoint.Port,
            (short)a.Protocol)),
    ];

    private static ValueTask Sync(Action step)
    {
        step();
        return ValueTask.CompletedTask;
    }
}
