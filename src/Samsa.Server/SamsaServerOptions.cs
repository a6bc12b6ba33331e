using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Broker.Configuration;
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

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Told now and then how far recovery is; null where nobody watches.</summary>
    public IProgress<RecoveryProgress>? Progress { get; init; }
}
