using System.Net;
using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Controller;
using Samsa.Controller.Quorum;
using Samsa.Core.Metadata;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>Which metadata log a node has: a voter's, or the copy of a node that follows the voters.</summary>
internal static class MetadataLogs
{
    /// <summary>Opens it, and replays what is on disk to the listener.</summary>
    /// <exception cref="LogCorruptException">The log is damaged.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static async ValueTask<IMetadataLog> OpenAsync(
        SamsaServerOptions options, string directory, Action<IOException> failed, IMetadataListener listener, CancellationToken cancellationToken)
    {
        if (options.OpenMetadataLog is { } open)
        {
            return open(listener);
        }

        var log = new LocalMetadataLogOptions
        {
            FileSystem = options.FileSystem,
            LogDirectory = directory,
            Failed = failed,
            NodeId = options.Config.NodeId,
            MaxBytesBetweenSnapshots = options.Config.Get(MetadataConfigs.MetadataLogMaxRecordBytesBetweenSnapshots),
            TimeProvider = options.Time,
            Logger = options.Loggers.CreateLogger<LocalMetadataLog>(),
        };
        return options.Config.Quorum switch
        {
            { IsController: false } => FollowedMetadataLog.Open(log, listener),
            { IsQuorum: false } => LocalMetadataLog.Open(log, listener),
            _ => await RaftMetadataLog.OpenAsync(Quorum(options.Config, log), listener, cancellationToken),
        };
    }

    /// <summary>Where it is.</summary>
    public static string DirectoryOf(BrokerConfig config, LogDirectories directories) =>
        config.Get(MetadataConfigs.MetadataLogDir) ?? directories.All[0].Path;

    private static QuorumOptions Quorum(BrokerConfig config, LocalMetadataLogOptions log)
    {
        var offset = config.Get(SamsaConfigs.QuorumPortOffset);
        var voters = config.Quorum.Voters.ToDictionary(v => v.Id, v => EndPointOf(v.Host, v.Port + offset));
        var own = voters[config.NodeId];
        var port = own is IPEndPoint ip ? ip.Port : ((DnsEndPoint)own).Port;
        return new QuorumOptions
        {
            Log = log,
            Voters = voters,
            // The others' way to this node may lead through an address that it does not have itself.
            Bind = own is IPEndPoint local && IPAddress.IsLoopback(local.Address) ? local : new IPEndPoint(IPAddress.Any, port),
        };
    }

    private static EndPoint EndPointOf(string host, int port) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? new IPEndPoint(IPAddress.Loopback, port)
        : IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port)
        : new DnsEndPoint(host, port);
}
