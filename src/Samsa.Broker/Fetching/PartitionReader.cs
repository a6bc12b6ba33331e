using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Core.Fetching;
using Samsa.Core.Replication;
using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Records;
using Samsa.Storage;

namespace Samsa.Broker.Fetching;

/// <summary>Reads single partitions for a fetch: checks that it may, then takes a slice of the log.</summary>
internal sealed class PartitionReader(PartitionRegistry partitions, MetadataState metadata, ReplicaReads replicas, FetchCaller caller)
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
            var why = PartitionRegistry.WhyNotHere(metadata.Image, topic, key.Partition);
            return why == ErrorCode.UnknownTopicOrPartition ? PartitionRead.Unknown(why) : PartitionRead.Failed(why);
        }

        var error = Check(partition, target);
        if (error != ErrorCode.None)
        {
            return PartitionRead.Failed(error);
        }

        var preferred = replicas.Preferred(partition, target.FetchOffset, caller);
        return Read(partition, target, preferred is null ? maxBytes : 0, atLeastOneBatch && preferred is null) with
        {
            Preferred = preferred,
        };
    }

    private ErrorCode Check(Partition partition, FetchTarget target) =>
        caller.Isolation is not (IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted) || target.MaxBytes < 0 ? ErrorCode.InvalidRequest
        : partition.IsOffline ? ErrorCode.KafkaStorageError
        : caller.Version < FirstVersionWithZstd && partition.Log.Config.CompressionType == CompressionType.Zstd ? ErrorCode.UnsupportedCompressionType
        : partition.CheckEpoch(target.CurrentLeaderEpoch, caller.MayReadFollower);

    private PartitionRead Read(Partition partition, FetchTarget target, int maxBytes, bool atLeastOneBatch)
    {
        var log = partition.Log;
        if (target.LastFetchedEpoch.IsKnown && Diverging(partition, target) is { } diverging)
        {
            return Found(partition) with { Diverging = diverging };
        }

        if (caller.IsFollower && target.FetchOffset >= log.LogStartOffset && target.FetchOffset <= log.LogEndOffset)
        {
            // What it has by now may move the high watermark, of which it hears at once.
            var error = partition.OnFollowerFetch(caller.Replica, new FollowerFetch(target.FetchOffset, target.LogStartOffset, caller.BrokerEpoch));
            if (error != ErrorCode.None)
            {
                return PartitionRead.Failed(error);
            }

            if (replicas.IsHeldBack(partition, caller.Replica))
            {
                return Found(partition);
            }
        }

        var result = Found(partition);
        var upTo = caller.IsFollower ? result.LogEndOffset
            : caller.Isolation == IsolationLevel.ReadCommitted ? result.LastStableOffset : result.HighWatermark;
        if (target.FetchOffset > log.LogEndOffset || target.FetchOffset < log.LogStartOffset)
        {
            // A follower has to know where to go on; a consumer gets what Kafka tells it.
            return caller.IsFollower
                ? result with { Partition = null, Error = ErrorCode.OffsetOutOfRange }
                : PartitionRead.Failed(ErrorCode.OffsetOutOfRange);
        }

        if (target.FetchOffset >= upTo || (maxBytes <= 0 && !atLeastOneBatch))
        {
            return result;
        }

        var read = log.Read(target.FetchOffset, maxBytes, upTo, atLeastOneBatch);
        return read.Error != ErrorCode.None
            ? PartitionRead.Failed(read.Error)
            : result with
            {
                Slice = read.Slice,
                Aborted = caller is { IsFollower: false, Isolation: IsolationLevel.ReadCommitted } ? Aborted(log, target.FetchOffset, upTo) : null,
            };
    }

    // The end of the log is looked at first: whoever then waits for more misses nothing.
    private static PartitionRead Found(Partition partition) => new()
    {
        Partition = partition,
        LogEndOffset = partition.Log.LogEndOffset,
        HighWatermark = partition.HighWatermark,
        LastStableOffset = partition.LastStableOffset,
        LogStartOffset = partition.Log.LogStartOffset,
    };

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

    /// <summary>Where its log ended when it was read.</summary>
    public Offset LogEndOffset { get; init; }

    /// <summary>The replica to read from instead; null for this one (KIP-392).</summary>
    public BrokerId? Preferred { get; init; }

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
