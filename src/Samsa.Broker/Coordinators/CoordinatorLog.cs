using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Broker.Coordinators;

/// <summary>Every log message of the coordinators.</summary>
internal static partial class CoordinatorLog
{
    [LoggerMessage(20, LogLevel.Error, "Groups of {Partition} cannot be loaded and wait for it: {Reason}")]
    public static partial void CannotLoad(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(21, LogLevel.Information, "Groups of {Partition} are being loaded: offset {At} of {End}")]
    public static partial void Loading(ILogger logger, TopicPartition partition, Offset at, Offset end);

    [LoggerMessage(22, LogLevel.Information, "Groups of {Partition} loaded: {Groups} groups with {Offsets} committed offsets in {Milliseconds} ms")]
    public static partial void Loaded(ILogger logger, TopicPartition partition, int groups, int offsets, long milliseconds);

    [LoggerMessage(23, LogLevel.Error, "A change of a group in {Partition} could not be written ({Error}): its groups are loaded again")]
    public static partial void AppendFailed(ILogger logger, TopicPartition partition, ErrorCode error);

    [LoggerMessage(24, LogLevel.Error, "Records of {Partition} at offset {Offset} cannot be read and are passed over: {Reason}")]
    public static partial void Skipped(ILogger logger, TopicPartition partition, Offset offset, string reason);

    [LoggerMessage(25, LogLevel.Error, "The offsets topic could not be made: {Reason}")]
    public static partial void NoOffsetsTopic(ILogger logger, string reason);
}
