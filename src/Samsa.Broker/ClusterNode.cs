using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Broker.Peers;
using Samsa.Broker.Pipeline;
using Samsa.Broker.Quotas;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;

namespace Samsa.Broker;

/// <summary>
/// What every node of a cluster has, whatever its roles: the metadata, the way to the active controller, and the decisions it makes while it
/// is that itself. It handles the connections of the controller's listeners.
/// </summary>
public sealed class ClusterNode : IConnectionHandler, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ControllerChannel _channel;
    private readonly ConnectionHandler _handler;
    private readonly Task _duties;
    private MetadataFollower? _follower;
    private Task _following = Task.CompletedTask;

    /// <summary>Puts it together.</summary>
    public ClusterNode(ClusterNodeOptions options)
    {
        Options = options;
        var (config, metadata, time) = (options.Config.AtStart, options.Metadata, options.Time);
        var controller = new MetadataController(metadata, options.MetadataLog, ControllerRulesSource.Of(options.Config, options.ClusterId), time);
        Directory = new ControllerDirectory(
            config.Quorum.Voters.ToDictionary(v => v.Id, v => new PeerAddress(v.Host, v.Port)),
            config.Quorum.Servers.Select(s => new PeerAddress(s.Host, s.Port)),
            config.Quorum.IsController ? () => options.MetadataLog.Leader : null);
        var following = options.MetadataReader is { } reader
            ? new MetadataFollowing(options.ClusterId, controller, options.MetadataLog, reader, metadata, Directory, time)
            : null;
        Services = new ControllerServices
        {
            Metrics = options.Metrics,
            Metadata = metadata,
            Controller = controller,
            Cluster = new ClusterView(metadata, options.ClusterId, config.NodeId),
            Topics = new TopicDecisions(controller, new TopicCreationRules(
                config.Get(TopicServiceConfigs.NumPartitions),
                config.IsGiven(TopicServiceConfigs.DefaultReplicationFactor) ? (short)config.Get(TopicServiceConfigs.DefaultReplicationFactor) : (short)-1,
                options.Config.RefuseTopic,
                () => TopicId.Create(options.Random))),
            Configs = options.Config,
            ConfigAlterer = new ConfigAlterer(controller, options.Config),
            Loggers = new BrokerLoggers(config.NodeId, options.LogLevels),
            Quotas = new ClientQuotas(metadata, config, options.Metrics, time),
            Quorum = options.Quorum ?? QuorumOf(options, following, Directory),
            Time = time,
            Following = following,
            DeleteTopics = config.Get(TopicServiceConfigs.DeleteTopicEnable),
        };
        Apis = ServedApis.Controller(Services);
        Peers = new PeerNetwork(new PeerNetworkOptions
        {
            Transport = options.Transport,
            ClientId = ClientId,
            Time = time,
            MaxAnswerBytes = config.Get(NetworkConfigs.SocketRequestMaxBytes),
        });
        _channel = new ControllerChannel(new ControllerChannelOptions
        {
            Local = config.Quorum.IsController ? Apis : null,
            IsActive = () => controller.IsActive,
            Directory = Directory,
            Peers = Peers,
            ClientId = ClientId,
            RequestTimeout = RequestTimeout,
            Time = time,
        });
        Forwarding = new Forwarding(
            _channel, () => controller.IsActive, TimeSpan.FromMilliseconds(config.Get(MetadataConfigs.ControllerSocketTimeoutMs)), time);
        _handler = new ConnectionHandler(Apis, options.Metrics, Services.Quotas, time, _stopping.Token) { Ended = controller.Lose };
        var call = new BrokerCall(controller, metadata, new BrokerCallOptions
        {
            Self = config.NodeId, Listener = config.InterBrokerListenerName, Transport = options.Transport, Time = time,
        });
        _duties = new ControllerDuties(controller, call, options.Loggers.CreateLogger<ClusterNode>()).RunAsync(_stopping.Token);
    }

    internal ClusterNodeOptions Options { get; }

    internal ControllerServices Services { get; }

    internal ApiTable Apis { get; }

    internal IPeerNetwork Peers { get; }

    internal ControllerDirectory Directory { get; }

    internal IControllerChannel Channel => _channel;

    internal Forwarding Forwarding { get; }

    // A broker whose controller hangs has to find the next one before its session ends.
    private TimeSpan RequestTimeout => TimeSpan.FromMilliseconds(Options.Config.AtStart.Get(NodeConfigs.BrokerSessionTimeoutMs) / 2);

    private string ClientId => $"{(Options.Config.AtStart.Quorum.IsBroker ? "broker" : "controller")}-{Options.Config.AtStart.NodeId}";

    private static IQuorumView QuorumOf(ClusterNodeOptions options, MetadataFollowing? following, ControllerDirectory directory)
    {
        var config = options.Config.AtStart;
        return options.MetadataReader is { } reader && following is not null && directory.Voters.Count > 0
            ? new QuorumView(config.NodeId, config.ControllerListeners.First().Name, options.MetadataLog, reader, following, directory)
            : new SingleVoter(config.NodeId, options.MetadataLog);
    }

    /// <summary>How many committed records of the metadata log are not here yet, as far as this node was told; 0 on a controller.</summary>
    public long MetadataBehind => _follower?.Behind ?? 0;

    /// <summary>Begins to follow the metadata log, where this node is no controller. Once.</summary>
    /// <param name="failed">Told once when the copy cannot go on, and the node therefore neither.</param>
    public void Follow(Action<IOException> failed)
    {
        if (Options.MetadataLog is not IMetadataCopy copy)
        {
            return;
        }

        _follower = new MetadataFollower(new MetadataFollowerOptions
        {
            Copy = copy,
            Self = Options.Config.AtStart.NodeId,
            ClusterId = Options.ClusterId,
            Directory = Directory,
            Peers = Peers,
            RequestTimeout = RequestTimeout,
            Failed = failed,
            Time = Options.Time,
            Logger = Options.Loggers.CreateLogger<ClusterNode>(),
        });
        _following = _follower.RunAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public TimeSpan RefuseFor(IPAddress address) => TimeSpan.Zero;

    /// <inheritdoc/>
    public IRequestSession Open(ConnectionInfo info) => _handler.Open(info);

    /// <summary>Ends the requests that still wait; they get no answer.</summary>
    public void StopWaiting() => _stopping.Cancel();

    /// <summary>Ends what it does by itself, and its connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.CancelNow();
        await _following;
        await _duties;
        _channel.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>What a node is made of, whatever its roles.</summary>
public sealed record ClusterNodeOptions
{
    /// <summary>Its settings.</summary>
    public required CurrentConfig Config { get; init; }

    /// <summary>The metadata, as far as it is known here.</summary>
    public required MetadataState Metadata { get; init; }

    /// <summary>The metadata log: of a controller, or the copy that a broker follows, which never leads.</summary>
    public required IMetadataLog MetadataLog { get; init; }

    /// <summary>What of it is committed, on a controller; null on a node that follows one.</summary>
    public required IMetadataReader? MetadataReader { get; init; }

    /// <summary>What is known of the quorum; null where this node is all of it.</summary>
    public IQuorumView? Quorum { get; init; }

    /// <summary>The cluster's id.</summary>
    public required string ClusterId { get; init; }

    /// <summary>What it counts.</summary>
    public required BrokerMetrics Metrics { get; init; }

    /// <summary>Where connections to other nodes go.</summary>
    public ITransport Transport { get; init; } = SocketTransport.Default;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ids come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>Where log lines go.</summary>
    public required ILoggerFactory Loggers { get; init; }

    /// <summary>The levels of its loggers, for BROKER_LOGGER (KIP-412); null where nobody writes a log.</summary>
    public LogLevels? LogLevels { get; init; }
}
