using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Core.Fetching;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Fetching;

/// <summary>Reads single partitions for a fetch: checks that it may, then takes a slice of the log.</summary>
internal sealed class PartitionReader(
    PartitionRegistry partitions, MetadataState metadata, BrokerId replica, short version, IsolationLevel isolation)
{
    private const short FirstVersionWithZstd = 10;

    /// <summary>Reads one partition.</summary>
    /// <param name="target">Which, and from where.</param>
    /// <param name="maxBytes">At most so many bytes, but for <paramref name="atLeastOneBatch"/>.</param>
    /// <param name="atLeastOneBatch">Whether one whole batch is read even where it is larger.</param>
    public PartitionRead Read(FetchTarget target, int maxBytes, bool atLeastOneBatch)
    {
        var key = target.Key;
        var topic = key.TopicId.IsKnown ? metadata.Image.TopicNames.GetValueOrDefault(key.TopicId) : key.Topic;
        if (topic is null)
        {
            return PartitionRead.Unknown(ErrorCode.UnknownTopicId);
        }

        if (!partitions.TryGet(topic, key.Partition, out var partition))
        {
            return PartitionRead.Unknown(ErrorCode.UnknownTopicOrPartition);
        }

        var error = Check(partition, target);
        return error != ErrorCode.None ? PartitionRead.Failed(error) : Read(partition, target, maxBytes, atLeastOneBatch);
    }

    private ErrorCode Check(Partition partition, FetchTarget target) =>
        isolation is not (IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted) || target.MaxBytes < 0 ? ErrorCode.InvalidRequest
        : partition.IsOffline ? ErrorCode.KafkaStorageError
        : version < FirstVersionWithZstd && partition.Log.Config.CompressionType == CompressionType.Zstd ? ErrorCode.UnsupportedCompressionType
        : replica.Value >= 0 ? ErrorCode.NotLeaderOrFollower // No other broker is a replica of anything here.
        : partition.CheckEpoch(target.CurrentLeaderEpoch);

    private PartitionRead Read(Partition partition, FetchTarget target, int maxBytes, bool atLeastOneBatch)
    {
        var log = partition.Log;
        var highWatermark = partition.HighWatermark;
        var stable = partition.LastStableOffset;
        var result = new PartitionRead
        {
            Partition = partition,
            HighWatermark = highWatermark,
            LastStableOffset = stable,
            LogStartOffset = log.LogStartOffset,
        };
        if (target.LastFetchedEpoch.IsKnown && Diverging(partition, target) is { } diverging)
        {
            return result with { Diverging = diverging };
        }

        var upTo = isolation == IsolationLevel.ReadCommitted ? stable : highWatermark;
        if (target.FetchOffset > log.LogEndOffset || target.FetchOffset < log.LogStartOffset)
        {
            return PartitionRead.Failed(ErrorCode.OffsetOutOfRange);
        }

        if (target.FetchOffset >= upTo)
        {
            return result;
        }

        var read = log.Read(target.FetchOffset, maxBytes, upTo, atLeastOneBatch);
        return read.Error != ErrorCode.None
            ? PartitionRead.Failed(read.Error)
            : result with
            {
                Slice = read.Slice,
                Aborted = isolation == IsolationLevel.ReadCommitted ? Aborted(log, target.FetchOffset, upTo) : null,
            };
    }

    private static (LeaderEpoch Epoch, Offset EndOffset)? Diverging(Partition partition, FetchTarget target)
    {
        var (epoch, end) = partition.Log.EndOffsetFor(target.LastFetchedEpoch);
        return epoch.IsKnown && (epoch < target.LastFetchedEpoch || end < target.FetchOffset) ? (epoch, end) : null;
    }

    private static FetchResponse.AbortedTransaction[] Aborted(PartitionLog log, Offset from, Offset upTo) =>
        Array.ConvertAll(log.AbortedTransactionsIn(from, upTo), a => new FetchResponse.AbortedTransaction
        {
            ProducerId = a.Producer, FirstOffset = a.FirstOffset,
        });
}

/// <summary>Which records a consumer wants to see (KIP-98); the numbers are the protocol's.</summary>
internal enum IsolationLevel : sbyte
{
    /// <summary>All committed to the log, also those of open and aborted transactions.</summary>
    ReadUncommitted = 0,

    /// <summary>Only what lies before the first open transaction; aborted records are listed for the client to skip.</summary>
    ReadCommitted = 1,
}

/// <summary>What was found in one partition.</summary>
internal readonly record struct PartitionRead
{
    /// <summary>The partition, where it exists and may be waited for.</summary>
    public Partition? Partition { get; init; }

    /// <summary>Why nothing was read, or none.</summary>
    public ErrorCode Error { get; init; }

    /// <summary>Its high watermark when it was read.</summary>
    public Offset HighWatermark { get; init; }

    /// <summary>Its last stable offset.</summary>
    public Offset LastStableOffset { get; init; }

    /// <summary>Its log start offset.</summary>
    public Offset LogStartOffset { get; init; }

    /// <summary>The records.</summary>
    public LogSlice? Slice { get; init; }

    /// <summary>Aborted transactions among them; null unless asked for.</summary>
    public FetchResponse.AbortedTransaction[]? Aborted { get; init; }

    /// <summary>Where the fetcher's log and this one part, if they do (KIP-595).</summary>
    public (LeaderEpoch Epoch, Offset EndOffset)? Diverging { get; init; }

    /// <summary>How many bytes of records.</summary>
    public int Length => Slice?.Length ?? 0;

    /// <summary>A partition that is not there; as Kafka says it, without transactions rather than without a word about them.</summary>
    public static PartitionRead Unknown(ErrorCode error) => Failed(error) with { Aborted = [] };

    /// <summary>A partition that cannot be read.</summary>
    public static PartitionRead Failed(ErrorCode error) => new()
    {
        Error = error, HighWatermark = Offset.None, LastStableOffset = Offset.None, LogStartOffset = Offset.None,
    };
}
