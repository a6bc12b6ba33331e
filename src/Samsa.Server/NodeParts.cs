using System.Runtime.CompilerServices;
using Samsa.Broker;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Core.Metadata;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>What a server has whatever its roles.</summary>
internal sealed class NodeParts
{
    private NodeParts(SamsaServerOptions options) => Options = options;

    public SamsaServerOptions Options { get; }

    public required StrongBox<bool> Ready { get; init; }

    public required BrokerMetrics Metrics { get; init; }

    public required Listeners Listeners { get; init; }

    public required LogDirectories Directories { get; init; }

    public required ServiceWatch Watch { get; init; }

    public required IMetadataLog MetadataLog { get; init; }

    public required CurrentConfig Config { get; init; }

    public required ClusterNode Node { get; init; }

    /// <summary>The broker; null before its start, and on a node without that role.</summary>
    public BrokerNode? Broker { get; set; }

    /// <summary>The broker's logs; null where there is no broker.</summary>
    public LogStore? Store { get; set; }

    /// <summary>Binds, locks and opens, in that order.</summary>
    /// <param name="options">What for.</param>
    /// <param name="undo">Gets what takes back each step.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<NodeParts> OpenAsync(SamsaServerOptions options, Stack<Func<ValueTask>> undo, CancellationToken cancellationToken)
    {
        var config = options.Config;
        var ready = new StrongBox<bool>();
        NodeParts? parts = null;
        var metrics = new BrokerMetrics(Readings(() => parts, ready, options));
        undo.Push(() => Sync(metrics.Dispose));
        var listeners = ServerSettings.Bind(options, metrics);
        undo.Push(listeners.DisposeAsync);
        var directories = LogDirectories.Claim(options.FileSystem, config.LogDirs, config.NodeId, config.Get(NodeConfigs.ClusterId));
        undo.Push(() => Sync(directories.Dispose));
        var metadataDirectory = MetadataLogs.DirectoryOf(config, directories);
        var watch = new ServiceWatch(directories, metadataDirectory, ready);
        var metadata = new MetadataState();
        var log = await MetadataLogs.OpenAsync(options, metadataDirectory, watch.MetadataLogFailed, metadata, cancellationToken);
        undo.Push(log.DisposeAsync);
        var current = ServerSettings.Follow(options, metadata, listeners);
        var node = new ClusterNode(new ClusterNodeOptions
        {
            Config = current,
            Metadata = metadata,
            MetadataLog = log,
            MetadataReader = log as IMetadataReader,
            ClusterId = directories.ClusterId,
            Metrics = metrics,
            Transport = ServerSettings.Transport(options),
            Time = options.Time,
            Random = options.Random,
            Loggers = options.Loggers,
            LogLevels = (options.Loggers as ConsoleLog)?.Levels,
        });
        undo.Push(node.DisposeAsync);
        parts = new NodeParts(options)
        {
            Ready = ready,
            Metrics = metrics,
            Listeners = listeners,
            Directories = directories,
            Watch = watch,
            MetadataLog = log,
            Config = current,
            Node = node,
        };
        return parts;
    }

    /// <summary>Waits for a step of the start, unless the node finds meanwhile that it cannot go on.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public async Task UnlessOutOfServiceAsync(Task step)
    {
        if (await Task.WhenAny(step, Watch.OutOfService) != step)
        {
            throw new IOException(await Watch.OutOfService);
        }

        await step;
    }

    /// <summary>A step that does not wait, among those that do.</summary>
    public static ValueTask Sync(Action step)
    {
        step();
        return ValueTask.CompletedTask;
    }

    private static BrokerReadings Readings(Func<NodeParts?> parts, StrongBox<bool> ready, SamsaServerOptions options) => new()
    {
        Partitions = () => parts()?.Broker?.CountPartitions() ?? default,
        Replication = () => parts()?.Broker?.ReadReplication() ?? default,
        ReplicaLags = () => parts()?.Broker?.ReadLags() ?? [],
        Groups = () => parts()?.Broker?.ReadGroups() ?? GroupReading.None,
        LogDirectories = () => parts()?.Store is { } store
            ? store.Directories.Select(d => new LogDirectoryReading(
                d.Path,
                store.LogsIn(d).Sum(l => l.SizeInBytes),
                d.OfflineReason is null ? options.FileSystem.FreeBytes(d.Path) : 0,
                d.OfflineReason is null))
            : [],
        WaitingFetches = static () => BrokerNode.WaitingFetchCount,
        FetchSessions = () => parts()?.Broker?.FetchSessionCount ?? 0,
        MetadataBehind = () => parts()?.Node.MetadataBehind ?? 0,
        IsReady = () => ready.Value,
        DroppedLogEntries = () => (options.Loggers as ConsoleLog)?.Dropped ?? 0,
    };
}
