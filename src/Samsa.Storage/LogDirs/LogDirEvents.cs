using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Everything the store says about its log directories.</summary>
internal static partial class LogDirEvents
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Background loop {Loop} failed and begins again in {Seconds} s")]
    public static partial void LoopFailed(ILogger logger, Exception failure, string loop, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkpoint {File} is damaged and not used: {Reason}")]
    public static partial void CheckpointDamaged(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Checkpoint {File} of {Directory} could not be written; it is tried again")]
    public static partial void CheckpointNotWritten(ILogger logger, Exception failure, string file, string directory);

    [LoggerMessage(Level = LogLevel.Error, Message = "Log directory {Directory} is out of use with its {Logs} logs: {Reason}")]
    public static partial void DirectoryFailed(ILogger logger, string directory, int logs, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} is offline: {Reason}")]
    public static partial void PartitionOffline(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sync of partition {Partition} failed; nothing written since the last one is acknowledged")]
    public static partial void SyncFailed(ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Retention failed for partition {Partition}")]
    public static partial void RetentionFailed(ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Directory {Path} could not be removed; it is tried again")]
    public static partial void RemovalFailed(ILogger logger, Exception failure, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Path}")]
    public static partial void Removed(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Directory {Path} is left as it is: {Reason}")]
    public static partial void DirectoryIgnored(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Log store open in {ElapsedMs} ms: {Summary}")]
    public static partial void Opened(ILogger logger, long elapsedMs, RecoverySummary summary);

    [LoggerMessage(Level = LogLevel.Information, Message = "Log directory {Directory} closed cleanly with {Logs} logs")]
    public static partial void ClosedCleanly(ILogger logger, string directory, int logs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log directory {Directory} closed without the clean-shutdown marker: {Reason}")]
    public static partial void ClosedUncleanly(ILogger logger, string directory, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} was set aside as {Path}")]
    public static partial void SetAside(ILogger logger, TopicPartition partition, string path);
}
