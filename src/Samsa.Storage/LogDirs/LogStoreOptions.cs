using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>What <see cref="LogStore.OpenAsync"/> needs; times under Kafka's names and defaults.</summary>
public sealed record LogStoreOptions
{
    /// <summary>The directories, claimed before; the store uses them but does not let go of them.</summary>
    public required LogDirectories Directories { get; init; }

    /// <summary>The settings of a topic's logs, by the topic's name; asked from several threads at once while opening.</summary>
    public required Func<string, LogConfig> ConfigFor { get; init; }

    /// <summary><c>num.recovery.threads.per.data.dir</c>: threads that open and close logs, per directory; together at most one per core. Asked each time.</summary>
    public Func<int> RecoveryThreadsPerDirectory { get; init; } = static () => 2;

    /// <summary><c>cordoned.log.dirs</c>: directories that get no new logs (KIP-1066); <c>*</c> = all. Asked each time.</summary>
    public Func<IReadOnlyList<string>> CordonedDirectories { get; init; } = static () => [];

    /// <summary><c>log.retention.check.interval.ms</c>: time between two looks for segments to delete.</summary>
    public TimeSpan RetentionCheckInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>log.flush.offset.checkpoint.interval.ms</c>: time between two writes of the recovery points.</summary>
    public TimeSpan RecoveryPointCheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>log.flush.start.offset.checkpoint.interval.ms</c>: time between two writes of the log start offsets.</summary>
    public TimeSpan LogStartOffsetCheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>replica.high.watermark.checkpoint.interval.ms</c>: time between two writes of the high watermarks.</summary>
    public TimeSpan HighWatermarkCheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest time between two looks for logs whose <c>flush.ms</c> is over. Kafka's
    /// <c>log.flush.scheduler.interval.ms</c> is endless by default, which makes <c>flush.ms</c> do nothing there.
    /// </summary>
    public TimeSpan FlushSchedulerInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a clean shutdown may take; what is not flushed by then is recovered by the next start.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The epoch under which the broker is registered, for the clean-shutdown marker (KIP-966); asked at shutdown.</summary>
    public Func<long> BrokerEpoch { get; init; } = static () => CleanShutdownMarker.NoBrokerEpoch;

    /// <summary>Told how long each shared sync took, for metrics; called on the syncing thread.</summary>
    public Action<TimeSpan>? Synced { get; init; }

    /// <summary>Told of a directory that is out of use from now on, after its logs are closed.</summary>
    public Action<LogDirectory>? DirectoryFailed { get; init; }

    /// <summary>Who does what blocks.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Instance;

    /// <summary>Where the names of directories that were set aside get their uuid from.</summary>
    public IRandomSource Random { get; init; } = SystemRandom.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the store and its logs say what they do.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
