using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Everything a partition's log says.</summary>
internal static partial class LogEvents
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Partition}: new segment at {BaseOffset}; the last one has {Bytes} bytes")]
    public static partial void Rolled(this ILogger logger, TopicPartition partition, Offset baseOffset, int bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: append of {Bytes} bytes at {Offset} failed; nothing was written")]
    public static partial void AppendFailed(this ILogger logger, Exception failure, TopicPartition partition, Offset offset, int bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: read at {Offset} failed")]
    public static partial void ReadFailed(this ILogger logger, Exception failure, TopicPartition partition, Offset offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: leader epochs could not be written; it is tried again")]
    public static partial void EpochsNotWritten(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Partition}: sync failed; the log is offline until it is opened anew")]
    public static partial void SyncFailed(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: dropped {Bytes} bytes from offset {Offset} on, at position {Position} of {File}: {Reason}")]
    public static partial void TailDropped(this ILogger logger, TopicPartition partition, long bytes, Offset offset, long position, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: recovered {Bytes} bytes from offset {From} on; the log ends at {End}")]
    public static partial void Recovered(this ILogger logger, TopicPartition partition, long bytes, Offset from, Offset end);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: the log ends at {End}, before its recovery point {RecoveryPoint}")]
    public static partial void EndsBeforeRecoveryPoint(this ILogger logger, TopicPartition partition, Offset end, Offset recoveryPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: removed {File}, left over from unfinished work")]
    public static partial void LeftoverRemoved(this ILogger logger, TopicPartition partition, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: deleted {Segments} segments; the log starts at {Start}")]
    public static partial void SegmentsDeleted(this ILogger logger, TopicPartition partition, int segments, Offset start);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: file {File} could not be removed")]
    public static partial void FileNotRemoved(this ILogger logger, Exception failure, TopicPartition partition, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Partition}: truncated to {Offset}")]
    public static partial void Truncated(this ILogger logger, TopicPartition partition, Offset offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: the log did not end as a clean shutdown leaves it; its last segment is recovered")]
    public static partial void NotCleanAfterAll(this ILogger logger, TopicPartition partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partition}: {File} is damaged and not used")]
    public static partial void FileDamaged(this ILogger logger, TopicPartition partition, string file);
}
