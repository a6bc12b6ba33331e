using Microsoft.Extensions.Logging;
using Samsa.Broker.Configuration;
using Samsa.Controller;
using Samsa.Core.Metadata;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>Which metadata log a node has: a voter's, or the copy of a node that follows the voters.</summary>
internal static class MetadataLogs
{
    /// <summary>Opens it, and replays what is on disk to the listener.</summary>
    /// <exception cref="LogCorruptException">The log is damaged.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static IMetadataLog Open(SamsaServerOptions options, string directory, Action<IOException> failed, IMetadataListener listener)
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
        return options.Config.Quorum.IsController ? LocalMetadataLog.Open(log, listener) : FollowedMetadataLog.Open(log, listener);
    }

    /// <summary>Where it is.</summary>
    public static string DirectoryOf(BrokerConfig config, LogDirectories directories) =>
        config.Get(MetadataConfigs.MetadataLogDir) ?? directories.All[0].Path;
}
