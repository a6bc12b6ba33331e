using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Coordinators;
using Samsa.Broker.Fetchers;
using Samsa.Broker.Fetching;
using Samsa.Broker.Lifecycle;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Fetching;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;
using Samsa.Protocol.Messages;
using Samsa.Storage;

namespace Samsa.Broker;

/// <summary>One broker: partitions, metadata and the handlers of the protocol, without sockets.</summary>
public sealed class BrokerNode : IConnectionHandler, IDisposable
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(30);
    private readonly BrokerNodeOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ClusterNode _node;
    private readonly PartitionRegistry _partitions = new();
    private readonly ConnectionHandler _handler;
    private readonly MetadataPublisher _publisher;
    private readonly FetchSessions _fetchSessions;
    private readonly GroupCoordinator _groups;
    private readonly Guid _incarnation;
    private readonly BrokerReplication _replication;
    private ITimer? _retry;
    private readonly ClientQuotas _quotas;
    private readonly BrokerLifecycle _lifecycle;

    /// <summary>Puts a broker together; it serves once <see cref="RegisterAsync"/> is done.</summary>
    public BrokerNode(BrokerNodeOptions options)
    {
        _options = options;
        _node = options.Node;
        var (current, metadata, metrics) = (_node.Options.Config, _node.Options.Metadata, _node.Options.Metrics);
        var (config, time, random, loggers) = (current.AtStart, _node.Options.Time, _node.Options.Random, _node.Options.Loggers);
        var topics = new TopicCreator(_node.Channel, metadata, time);
        _groups = new GroupCoordinator(metadata, current, topics, random, time, loggers.CreateLogger<GroupCoordinator>());
        _incarnation = random.NewGuid();
        _replication = new BrokerReplication(_node, options.Store, _partitions, () => Epoch);
        _publisher = new MetadataPublisher(
            _partitions, options.Store, current, metrics, _replication, _groups, loggers.CreateLogger<MetadataPublisher>())
        {
            Incarnation = _incarnation,
        };
        _fetchSessions = new FetchSessions(new FetchSessionCache(
            config.Get(TopicServiceConfigs.MaxIncrementalFetchSessionCacheSlots),
            minEvictionMs: 120_000,
            random.NextPositive), time);
        _quotas = _node.Services.Quotas;
        Apis = ServedApis.Broker(new BrokerServices
        {
            Metrics = metrics,
            Partitions = _partitions,
            Metadata = metadata,
            Cluster = _node.Services.Cluster,
            Topics = topics,
            Groups = _groups,
            Configs = current,
            Store = options.Store,
            ProducerIds = new ProducerIds(_node.Channel, config.NodeId, () => Epoch, time),
            FetchSessions = _fetchSessions,
            FetchLimits = new FetchLimits(
                config.Get(TopicServiceConfigs.FetchMaxBytes), config.Get(SamsaConfigs.MaxUnsentFetchBytes), static () => BufferPool.Shared.AnswerBytes),
            ReplicaReads = _replication.Reads,
            Quotas = _quotas,
            Time = time,
            AutoCreateTopics = config.Get(TopicServiceConfigs.AutoCreateTopicsEnable),
            Control = _node.Services,
            Channel = _node.Channel,
            Forwarding = _node.Forwarding,
        });
        _lifecycle = new BrokerLifecycle(new BrokerLifecycleOptions
        {
            Controller = _node.Channel,
            Metadata = metadata,
            Registration = Registration(),
            OfflineDirectories = () => options.Store.Directories.Where(d => d.OfflineReason is not null && d.DirectoryId != Guid.Empty).Select(d => d.DirectoryId),
            RegistrationTimeout = TimeSpan.FromMilliseconds(config.Get(NodeConfigs.InitialBrokerRegistrationTimeoutMs)),
            HeartbeatInterval = TimeSpan.FromMilliseconds(config.Get(NodeConfigs.BrokerHeartbeatIntervalMs)),
            SessionTimeout = TimeSpan.FromMilliseconds(config.Get(NodeConfigs.BrokerSessionTimeoutMs)),
            Failed = options.Failed,
            Time = time,
            Logger = loggers.CreateLogger<BrokerNode>(),
        });
        _handler = new ConnectionHandler(Apis, metrics, _quotas, time, _stopping.Token);
    }

    /// <summary>The epoch under which the broker is registered; -1 before.</summary>
    public long Epoch => _lifecycle.Epoch;

    /// <summary>How many partitions it holds.</summary>
    public int PartitionCount => _partitions.Count;

    /// <summary>How many fetch sessions it keeps (KIP-227).</summary>
    public int FetchSessionCount => _fetchSessions.Count;

    /// <summary>How many fetches wait for records.</summary>
    public static int WaitingFetchCount => FetchWaiter.Count;

    /// <summary>Counts its partitions, for metrics.</summary>
    public PartitionCounts CountPartitions() => _replication.Count();

    /// <summary>What replication did since the start, for metrics.</summary>
    public ReplicationReading ReadReplication() => _replication.Read();

    /// <summary>How many records each partition that follows lacks of what is committed, for metrics.</summary>
    public IEnumerable<(TopicPartition Partition, long Records)> ReadLags() => _replication.Lags();

    /// <summary>The groups it coordinates, for metrics.</summary>
    public GroupReading ReadGroups() => _groups.Read();

    internal ApiTable Apis { get; }

    internal PartitionRegistry Partitions => _partitions;

    /// <summary>Opens what the metadata says this broker holds, registers it, and takes its leaderships.</summary>
    /// <exception cref="IOException">The cluster does not take this broker.</exception>
    public async ValueTask RegisterAsync(CancellationToken cancellationToken)
    {
        var metadata = _node.Options.Metadata;
        metadata.Observe(_publisher.Begin, _publisher.Apply);
        _retry = _node.Options.Time.CreateTimer(_ => LookAtDisks(), state: null, s_retryInterval, s_retryInterval);
        _replication.Start();
        await _lifecycle.RegisterAsync(cancellationToken);

        // Who was elected for a log in a directory that is no longer there would lead with another one.
        await _replication.Locations.TellAsync(cancellationToken);
        await _lifecycle.UnfenceAsync(cancellationToken);
    }

    /// <summary>
    /// Controlled shutdown (<c>controlled.shutdown.enable</c>): other brokers take this one's leaderships, while it still serves. Not in a
    /// cluster that has no other.
    /// </summary>
    public ValueTask LeaveAsync()
    {
        var (config, image) = (_node.Options.Config, _node.Options.Metadata.Image);
        return config.Broker.Get(NodeConfigs.ControlledShutdownEnable) && image.Brokers.Values.Any(b => b.Id != config.AtStart.NodeId && b.IsActive)
            ? _lifecycle.LeaveAsync(s_leaving)
            : _lifecycle.StopAsync();
    }

    /// <inheritdoc/>
    public TimeSpan RefuseFor(IPAddress address) => _quotas.Connecting(address);

    /// <inheritdoc/>
    public IRequestSession Open(ConnectionInfo info) => _handler.Open(info);

    /// <summary>Ends the requests that still wait, for example long polls; they get no answer.</summary>
    public void StopWaiting()
    {
        _stopping.Cancel();
        _groups.Dispose();
    }

    /// <summary>Ends fetching from other brokers; before the logs are closed.</summary>
    public ValueTask StopFetchingAsync() => _replication.DisposeAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _lifecycle.Dispose();
        _retry?.Dispose();
        _stopping.Dispose();
    }

    private void LookAtDisks()
    {
        _publisher.RetryFailed(_node.Options.Metadata.Image);
        _replication.Locations.Compare();
    }

    private BrokerRegistrationRequest Registration()
    {
        var config = _node.Options.Config.AtStart;
        return new BrokerRegistrationRequest
        {
            BrokerId = config.NodeId,
            ClusterId = _node.Options.ClusterId,
            IncarnationId = _incarnation,
            Rack = config.Get(NodeConfigs.BrokerRack),
            PreviousBrokerEpoch = _options.Store.Recovery.PreviousBrokerEpoch,
            LogDirs = [.. _options.Store.Directories.Where(d => d.OfflineReason is null).Select(d => d.DirectoryId)],
            Listeners =
            [
                .. _options.Endpoints.Select(e => new BrokerRegistrationRequest.Listener
                {
                    Name = e.ListenerName, Host = e.Host, Port = (ushort)e.Port, SecurityProtocol = e.SecurityProtocol,
                }),
            ],
            Features =
            [
                .. ClusterFeatures.Supported.Select(f => new BrokerRegistrationRequest.Feature
                {
                    Name = f.Name, MinSupportedVersion = f.MinLevel, MaxSupportedVersion = f.MaxLevel,
                }),
            ],
        };
    }
}

/// <summary>What a broker is made of.</summary>
public sealed record BrokerNodeOptions
{
    /// <summary>What it has as a node of a cluster.</summary>
    public required ClusterNode Node { get; init; }

    /// <summary>Its logs.</summary>
    public required LogStore Store { get; init; }

    /// <summary>The addresses it tells clients, real ports included.</summary>
    public required IReadOnlyList<BrokerEndpoint> Endpoints { get; init; }

    /// <summary>Told when the cluster does not want this broker any more, which then has to end.</summary>
    public Action<IOException> Failed { get; init; } = static _ => { };
}
