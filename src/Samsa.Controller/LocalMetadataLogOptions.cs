using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Controller;

/// <summary>What <see cref="LocalMetadataLog.Open"/> needs; settings under Kafka's names and defaults.</summary>
public sealed record LocalMetadataLogOptions
{
    /// <summary>The disk.</summary>
    public IFileSystem FileSystem { get; init; } = PhysicalFileSystem.Instance;

    /// <summary><c>metadata.log.dir</c>: the log directory that holds <c>__cluster_metadata-0</c>; claimed before.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>The one voter: this node.</summary>
    public required BrokerId NodeId { get; init; }

    /// <summary><c>metadata.log.max.record.bytes.between.snapshots</c>: bytes of log after which a snapshot is taken.</summary>
    public long MaxBytesBetweenSnapshots { get; init; } = 20 * 1024 * 1024;

    /// <summary>
    /// Bytes of a segment. Kafka's <c>metadata.log.segment.bytes</c> is 1 GiB; short segments let a snapshot rid the disk, and the
    /// next start, of the log before it.
    /// </summary>
    public int SegmentBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>Told once when the log failed for good: nothing can be changed any more until a restart.</summary>
    public Action<IOException>? Failed { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the log says what it does.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
