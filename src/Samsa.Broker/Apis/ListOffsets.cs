using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>
/// ListOffsets (KIP-79, KIP-207, KIP-734, KIP-405): offsets by timestamp, or by the special timestamps earliest, latest, of the
/// maximum timestamp, earliest local and last tiered. Nothing is tiered here, so earliest local is earliest.
/// </summary>
[KafkaApi(ApiKey.ListOffsets)]
internal sealed class ListOffsets(PartitionRegistry partitions, MetadataState metadata) : IApi<ListOffsetsRequest, ListOffsetsResponse>
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPendingUpload = -6;
    private const sbyte ReadCommitted = 1;
    private const short FirstVersionWithEpoch = 4;
    private const short FirstVersionWithNotAvailable = 5;

    /// <inheritdoc/>
    public ValueTask<ListOffsetsResponse?> HandleAsync(ListOffsetsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var topics = new ListOffsetsResponse.ListOffsetsTopicResponse[request.Topics.Length];
        for (var t = 0; t < topics.Length; t++)
        {
            var topic = request.Topics[t];
            var answers = new ListOffsetsResponse.ListOffsetsPartitionResponse[topic.Partitions.Length];
            for (var p = 0; p < answers.Length; p++)
            {
                answers[p] = Look(topic.Name, topic.Partitions[p], request.IsolationLevel, context.ApiVersion);
            }

            topics[t] = new() { Name = topic.Name, Partitions = answers };
        }

        return new(new ListOffsetsResponse { Topics = topics });
    }

    private ListOffsetsResponse.ListOffsetsPartitionResponse Look(
        string topic, ListOffsetsRequest.ListOffsetsPartition asked, sbyte isolation, short version)
    {
        var index = asked.PartitionIndex;
        if (!partitions.TryGet(topic, index, out var partition))
        {
            return Refuse(index, PartitionRegistry.WhyNotHere(metadata.Image, topic, index));
        }

        var error = isolation is < 0 or > ReadCommitted ? ErrorCode.InvalidRequest
            : !IsServed(asked.Timestamp, version) ? ErrorCode.UnsupportedVersion
            : partition.IsOffline ? ErrorCode.KafkaStorageError
            : partition.CheckEpoch(asked.CurrentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return Refuse(index, error);
        }

        var end = isolation == ReadCommitted ? partition.LastStableOffset : partition.HighWatermark;
        // Version 0 looks by the age of segments, not of records, and finds nothing for any time still worth asking about.
        var found = version == 0 && asked.Timestamp >= 0 ? Found.Nothing : Find(partition, asked.Timestamp, end);
        if (!found.Offset.IsPosition || asked.Timestamp == Latest)
        {
            // What a former leader told may lie beyond: rather no answer than one that goes back (KIP-207).
            if (asked.Timestamp is >= 0 or Latest or MaxTimestamp && !partition.Look(static l => l.IsHighWatermarkCurrent))
            {
                return Refuse(index, version >= FirstVersionWithNotAvailable ? ErrorCode.OffsetNotAvailable : ErrorCode.LeaderNotAvailable);
            }
        }

        if (version == 0)
        {
            var old = found.Offset.IsPosition && asked.MaxNumOffsets > 0 ? OldStyle(partition, asked, found.Offset) : [];
            return new() { PartitionIndex = index, OldStyleOffsets = old };
        }

        return new()
        {
            PartitionIndex = index,
            Offset = found.Offset,
            Timestamp = found.Timestamp,
            LeaderEpoch = version >= FirstVersionWithEpoch ? found.Epoch : LeaderEpoch.None,
        };
    }

    private static Found Find(Partition partition, long timestamp, Offset end)
    {
        var log = partition.Log;
        switch (timestamp)
        {
            case Latest:
                return new(end, -1, partition.LeaderEpoch);
            case Earliest or EarliestLocal:
                var start = log.LogStartOffset;
                return new(start, -1, log.EpochAt(start));
            case LatestTiered or EarliestPendingUpload:
                return Found.Nothing;
            default:
                var lookup = timestamp == MaxTimestamp ? log.FindMaxTimestamp() : log.FindByTimestamp(timestamp);
                return lookup.Found && lookup.Offset < end ? new(lookup.Offset, lookup.TimestampMs, lookup.Epoch) : Found.Nothing;
        }
    }

    // Version 0 asked for a number of segment starts before a time; nobody uses more than the first of them today.
    private static Offset[] OldStyle(Partition partition, ListOffsetsRequest.ListOffsetsPartition asked, Offset found)
    {
        var start = partition.Log.LogStartOffset;
        return asked.Timestamp == Earliest || asked.MaxNumOffsets == 1 || found == start ? [found] : [found, start];
    }

    private static bool IsServed(long timestamp, short version) => timestamp switch
    {
        >= Earliest => true,
        MaxTimestamp => version >= 7,
        EarliestLocal => version >= 8,
        LatestTiered => version >= 9,
        EarliestPendingUpload => version >= 11,
        _ => false,
    };

    private static ListOffsetsResponse.ListOffsetsPartitionResponse Refuse(int partition, ErrorCode error) =>
        new() { PartitionIndex = partition, ErrorCode = error, Timestamp = -1, Offset = Offset.None, LeaderEpoch = LeaderEpoch.None };

    private readonly record struct Found(Offset Offset, long Timestamp, LeaderEpoch Epoch)
    {
        public static Found Nothing => new(Offset.None, -1, LeaderEpoch.None);
    }
}
