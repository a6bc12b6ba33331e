using Microsoft.Extensions.Logging;
using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <summary>Every log message of replication.</summary>
internal static partial class ReplicationLog
{
    [LoggerMessage(40, LogLevel.Information, "{Partition}: in sync are now {InSync} of {Replicas} replicas (partition epoch {PartitionEpoch})")]
    public static partial void InSyncChanged(ILogger logger, TopicPartition partition, int inSync, int replicas, int partitionEpoch);

    [LoggerMessage(41, LogLevel.Warning, "The controller could not be asked to change the in-sync replicas of {Partitions} partitions; it is asked again")]
    public static partial void InSyncChangeFailed(ILogger logger, Exception failure, int partitions);

    [LoggerMessage(42, LogLevel.Information, "{Partition}: the controller did not make {InSync} the replicas in sync: {Error}")]
    public static partial void InSyncChangeRefused(ILogger logger, TopicPartition partition, string inSync, ErrorCode error);

    [LoggerMessage(43, LogLevel.Information, "{Partition}: leads in epoch {Epoch} from offset {End} on")]
    public static partial void Leads(ILogger logger, TopicPartition partition, LeaderEpoch epoch, Offset end);

    [LoggerMessage(44, LogLevel.Information, "{Partition}: follows broker {Leader} in epoch {Epoch} from offset {End} on")]
    public static partial void Follows(ILogger logger, TopicPartition partition, BrokerId leader, LeaderEpoch epoch, Offset end);

    [LoggerMessage(45, LogLevel.Information, "{Partition}: cut back from offset {From} to {To}, where the leader's history is another")]
    public static partial void CutBack(ILogger logger, TopicPartition partition, Offset from, Offset to);

    [LoggerMessage(46, LogLevel.Error, "{Partition}: cut back from offset {From} to {To}, although everything before {HighWatermark} was committed: the leader lost it")]
    public static partial void CutCommitted(ILogger logger, TopicPartition partition, Offset from, Offset to, Offset highWatermark);

    [LoggerMessage(47, LogLevel.Warning, "{Partition}: begins anew at offset {To}, where the leader's log begins; here it ended at {From}")]
    public static partial void BeginsAnew(ILogger logger, TopicPartition partition, Offset from, Offset to);

    [LoggerMessage(48, LogLevel.Information, "{Partition}: cannot be fetched from broker {Leader} now: {Error}")]
    public static partial void CannotFetch(ILogger logger, TopicPartition partition, BrokerId leader, ErrorCode error);

    [LoggerMessage(49, LogLevel.Warning, "Broker {Leader} cannot be reached to fetch {Partitions} partitions, which is tried again: {Reason}")]
    public static partial void LeaderUnreachable(ILogger logger, BrokerId leader, int partitions, string reason);

    [LoggerMessage(50, LogLevel.Error, "Fetching from broker {Leader} failed and begins anew")]
    public static partial void FetcherFailed(ILogger logger, Exception failure, BrokerId leader);

    [LoggerMessage(51, LogLevel.Error, "{Partition}: the log cannot be changed as its role asks, because of its disk: {Reason}")]
    public static partial void CannotChangeRole(ILogger logger, TopicPartition partition, string reason);

    [LoggerMessage(52, LogLevel.Information, "The controller is told that {Replicas} replicas of this broker lie in another log directory than it knew")]
    public static partial void TellsDirectories(ILogger logger, int replicas);

    [LoggerMessage(53, LogLevel.Warning, "The controller could not be told in which log directories replicas lie; it is told again")]
    public static partial void DirectoriesNotTold(ILogger logger, Exception failure);

    [LoggerMessage(54, LogLevel.Warning, "The controller did not note in which log directories replicas lie; it is told again: {Error}")]
    public static partial void DirectoriesRefused(ILogger logger, ErrorCode error);
}
