using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Samsa.Network;

/// <summary>What the listeners stand on; tests and the simulator put their own in place.</summary>
public sealed record NetworkServices
{
    /// <summary>Sockets unless told otherwise.</summary>
    public ITransport Transport { get; init; } = SocketTransport.Default;

    /// <summary>Buffers of requests.</summary>
    public BufferPool Pool { get; init; } = BufferPool.Shared;

    /// <summary>The clock of idle times and mutes.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Where metrics go; null makes a meter named <see cref="NetworkMetrics.MeterName"/> that lives as long as the listeners.</summary>
    public Meter? Meter { get; init; }
}
