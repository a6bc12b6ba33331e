using System.Net;
using Samsa.Broker.Configuration;
using Samsa.Broker.Logging;
using Samsa.Broker.Metadata;
using Samsa.Broker.Metrics;
using Samsa.Core.Metadata;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>What the parts of a server need of its settings.</summary>
internal static class ServerSettings
{
    /// <summary>Refuses what this release cannot do, or not without being told more.</summary>
    /// <exception cref="NotSupportedException">A setting asks for what is not there.</exception>
    /// <exception cref="ConfigException">A setting is missing.</exception>
    public static void Check(SamsaServerOptions options)
    {
        var config = options.Config;
        foreach (var listener in config.Listeners)
        {
            if (listener.Protocol != SecurityProtocol.Plaintext)
            {
                throw new NotSupportedException(
                    $"The listener {listener} asks for {listener.Protocol}, which this release does not have: map it to PLAINTEXT in listener.security.protocol.map.");
            }
        }

        var isAlone = config.Quorum is { IsController: true, IsQuorum: false };
        var isFormatted = config.LogDirs.Any(d => options.FileSystem.FileExists(Path.Join(Path.GetFullPath(d), MetaProperties.FileName)));
        if (!isAlone && !isFormatted && config.Get(NodeConfigs.ClusterId) is null)
        {
            throw new ConfigException([
                new ConfigError(
                    NodeConfigs.ClusterId.Name, "", config.OriginOf(NodeConfigs.ClusterId),
                    "must be set at the first start of a node of a cluster, the same for all of them ('samsa storage random-uuid' draws one)", "", null)]);
        }
    }

    /// <summary>The settings in force, followed by what can change while it runs.</summary>
    public static CurrentConfig Follow(SamsaServerOptions options, MetadataState metadata, Listeners listeners)
    {
        var current = new CurrentConfig(options.Config, metadata);
        current.Follow(now => listeners.Options = now.ToNetworkOptions());
        (options.Loggers as ConsoleLog)?.Levels.Follow(current);
        return current;
    }

    /// <summary>Binds the listeners.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken or not ours.</exception>
    public static Listeners Bind(SamsaServerOptions options, BrokerMetrics metrics) => Listeners.Bind(
        [.. options.Config.Listeners.Select(l => new ListenerEndpoint(l.Name, l.Host, l.Port))],
        options.Config.ToNetworkOptions(),
        new NetworkServices
        {
            Transport = Transport(options),
            Time = options.Time,
            Loggers = options.Loggers,
            Meter = metrics.MakeMeter(NetworkMetrics.MeterName),
        });

    /// <summary>Where connections come from and go to.</summary>
    public static ITransport Transport(SamsaServerOptions options) => options.Transport ?? new SocketTransport(options.Config.ToSocketOptions());

    /// <summary>The settings of the log store.</summary>
    public static LogStoreOptions Store(
        SamsaServerOptions options, LogDirectories directories, CurrentConfig current, Func<long> brokerEpoch, Action<TimeSpan> synced, ServiceWatch watch)
    {
        var config = options.Config;
        return new LogStoreOptions
        {
            Directories = directories,
            ConfigFor = current.LogConfigOf,
            RecoveryThreadsPerDirectory = () => current.Broker.Get(LogConfigs.NumRecoveryThreadsPerDataDir),
            CordonedDirectories = () => current.Broker.Get(LogConfigs.CordonedLogDirs),
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

    /// <summary>What clients are told: the advertised host, and where no port was fixed, the one the system chose.</summary>
    public static BrokerEndpoint[] Endpoints(BrokerConfig config, Listeners listeners) =>
    [
        .. config.AdvertisedListeners.Select(a => new BrokerEndpoint(
            a.Name,
            a.Host.Length > 0 ? a.Host : Dns.GetHostName(),
            a.Port > 0 ? a.Port : listeners.Bound.First(b => string.Equals(b.Name, a.Name, StringComparison.OrdinalIgnoreCase)).EndPoint.Port,
            (short)a.Protocol)),
    ];
}
