using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Broker;

/// <summary>Every log message of the broker.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The log of {Partition} belongs to a topic (id {TopicId}) that does not exist; its directory is set aside as -stray and may be deleted by hand")]
    public static partial void SettingAside(ILogger logger, TopicPartition partition, TopicId topicId);

    [LoggerMessage(2, LogLevel.Error, "The log of {Partition} cannot be opened, so the partition is offline: {Reason}")]
    public static partial void CannotOpen(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(3, LogLevel.Error, "The log of {Partition} cannot be deleted: {Reason}")]
    public static partial void CannotDelete(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(4, LogLevel.Information, "The log of {Partition} could be made at last; the partition serves")]
    public static partial void OpenedAtLast(ILogger logger, TopicPartition partition);

    [LoggerMessage(20, LogLevel.Information, "The metadata is up to date at offset {End}, as controller {Controller} has it")]
    public static partial void MetadataCaughtUp(ILogger logger, Offset end, BrokerId controller);

    [LoggerMessage(50, LogLevel.Warning, "Broker {Broker} was not heard of for longer than broker.session.timeout.ms and is fenced: others lead what it led")]
    public static partial void Fenced(ILogger logger, BrokerId broker);

    [LoggerMessage(51, LogLevel.Error, "The controller could not write to the metadata log and tries again: {Reason}")]
    public static partial void CannotDecide(ILogger logger, string reason);

    [LoggerMessage(21, LogLevel.Information, "Broker {Broker} is registered under epoch {Epoch}")]
    public static partial void Registered(ILogger logger, BrokerId broker, long epoch);

    [LoggerMessage(22, LogLevel.Warning, "The controller does not know epoch {Epoch} of this broker: it registers anew")]
    public static partial void RegistersAnew(ILogger logger, long epoch);

    [LoggerMessage(23, LogLevel.Warning, "The controller did not take this broker's leaderships within {Seconds} s; it stops all the same")]
    public static partial void NotLeft(ILogger logger, double seconds);
}
