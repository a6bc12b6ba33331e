using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Broker.Configuration;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;
using Samsa.Storage;

namespace Samsa.Server;

/// <summary>What <see cref="SamsaServer.StartAsync"/> needs.</summary>
public sealed record SamsaServerOptions
{
    /// <summary>The settings, already checked.</summary>
    public required BrokerConfig Config { get; init; }

    /// <summary>The disk.</summary>
    public IFileSystem FileSystem { get; init; } = PhysicalFileSystem.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where connections come from; null for sockets as the settings want them.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>Who does what blocks on a disk.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Instance;

    /// <summary>Where ids come from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>Opens another metadata log than the settings ask for; null for theirs.</summary>
    public Func<IMetadataListener, IMetadataLog>? OpenMetadataLog { get; init; }

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Told now and then how far recovery is; null where nobody watches.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }
}
