using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Coordinators;
using Samsa.Broker.Fetching;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Fetching;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Broker;

/// <summary>One broker: partitions, metadata and the handlers of the protocol, without sockets.</summary>
public sealed class BrokerNode : IConnectionHandler, IDisposable
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromSeconds(10);
    private readonly BrokerNodeOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly MetadataController _controller;
    private readonly PartitionRegistry _partitions = new();
    private readonly ConnectionHandler _handler;
    private readonly MetadataPublisher _publisher;
    private readonly FetchSessions _fetchSessions;
    private readonly GroupCoordinator _groups;
    private ITimer? _retry;
    private readonly ClientQuotas _quotas;
    private long _epoch = -1;

    /// <summary>Puts a broker together; it serves once <see cref="RegisterAsync"/> is done.</summary>
    public BrokerNode(BrokerNodeOptions options)
    {
        _options = options;
        var (config, metadata, time) = (options.Config.AtStart, options.Metadata, options.Time);
        _controller = new MetadataController(metadata, options.MetadataLog);
        var topics = new TopicCreator(_controller, new TopicCreationRules(
            config.Get(TopicServiceConfigs.NumPartitions),
            config.IsGiven(TopicServiceConfigs.DefaultReplicationFactor) ? (short)config.Get(TopicServiceConfigs.DefaultReplicationFactor) : (short)-1,
            options.Config.RefuseTopic,
            () => TopicId.Create(options.Random)));
        _groups = new GroupCoordinator(metadata, options.Config, topics, options.Random, time, options.Loggers.CreateLogger<GroupCoordinator>());
        _publisher = new MetadataPublisher(
            _partitions, options.Store, options.Config.LogConfigOf, options.Metrics, config.NodeId, _groups, options.Loggers.CreateLogger<MetadataPublisher>());
        _fetchSessions = new FetchSessions(new FetchSessionCache(
            config.Get(TopicServiceConfigs.MaxIncrementalFetchSessionCacheSlots),
            minEvictionMs: 120_000,
            options.Random.NextPositive), time);
        _quotas = new ClientQuotas(metadata, config, options.Metrics, time);
        Apis = ServedApis.Table(new BrokerServices
        {
            Metrics = options.Metrics,
            Partitions = _partitions,
            Metadata = metadata,
            Controller = _controller,
            Cluster = new ClusterView(metadata, options.Store.ClusterId, config.NodeId),
            Topics = topics,
            Groups = _groups,
            Configs = options.Config,
            ProducerIds = new ProducerIds(_controller, config.NodeId, () => Epoch),
            FetchSessions = _fetchSessions,
            FetchLimits = new FetchLimits(
                config.Get(TopicServiceConfigs.FetchMaxBytes), config.Get(SamsaConfigs.MaxUnsentFetchBytes), static () => BufferPool.Shared.AnswerBytes),
            Quotas = _quotas,
            Time = time,
            AutoCreateTopics = config.Get(TopicServiceConfigs.AutoCreateTopicsEnable),
            DeleteTopics = config.Get(TopicServiceConfigs.DeleteTopicEnable),
        });
        _handler = new ConnectionHandler(Apis, options.Metrics, _quotas, time, _stopping.Token);
    }

    /// <summary>The epoch under which the broker is registered; -1 before.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>How many partitions it holds.</summary>
    public int PartitionCount => _partitions.Count;

    /// <summary>How many fetch sessions it keeps (KIP-227).</summary>
    public int FetchSessionCount => _fetchSessions.Count;

    /// <summary>How many fetches wait for records.</summary>
    public static int WaitingFetchCount => FetchWaiter.Count;

    /// <summary>Counts its partitions, for metrics.</summary>
    public PartitionCounts CountPartitions()
    {
        var (hosted, led, offline) = (0, 0, 0);
        foreach (var partition in _partitions.All)
        {
            hosted++;
            led += partition.IsLed ? 1 : 0;
            offline += partition.IsOffline ? 1 : 0;
        }

        return new PartitionCounts(hosted, led, offline, UnderReplicated: 0, UnderMinIsr: 0);
    }

    internal ApiTable Apis { get; }

    internal PartitionRegistry Partitions => _partitions;

    /// <summary>Opens what the metadata says this broker holds, registers it, and takes its leaderships.</summary>
    /// <exception cref="IOException">The metadata log could not be written.</exception>
    public async ValueTask RegisterAsync(CancellationToken cancellationToken)
    {
        var self = new BrokerImage(
            _options.Config.AtStart.NodeId, _options.Random.NewGuid(), -1, _options.Endpoints, _options.Config.AtStart.Get(NodeConfigs.BrokerRack), Fenced: false);
        _publisher.Begin(_options.Metadata.Image);
        _options.Metadata.Observe(_publisher.Apply);
        _retry = _options.Time.CreateTimer(_ => _publisher.RetryFailed(_options.Metadata.Image), state: null, s_retryInterval, s_retryInterval);
        _epoch = await _controller.SubmitAsync((image, next) => ClusterController.Register(image, self, next), cancellationToken);
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

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _retry?.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>What a broker is made of.</summary>
public sealed record BrokerNodeOptions
{
    /// <summary>Its settings.</summary>
    public required CurrentConfig Config { get; init; }

    /// <summary>The metadata, already replayed.</summary>
    public required MetadataState Metadata { get; init; }

    /// <summary>Where changes of the metadata are appended.</summary>
    public required IMetadataLog MetadataLog { get; init; }

    /// <summary>Its logs.</summary>
    public required LogStore Store { get; init; }

    /// <summary>The addresses it tells clients, real ports included.</summary>
    public required IReadOnlyList<BrokerEndpoint> Endpoints { get; init; }

    /// <summary>What it counts.</summary>
    public required BrokerMetrics Metrics { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ids come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>Where log lines go.</summary>
    public required ILoggerFactory Loggers { get; init; }
}
