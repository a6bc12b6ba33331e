using Samsa.Broker.Metadata;
using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>OffsetForLeaderEpoch (KIP-101, KIP-320): where the records of a leader epoch end, so that a fetcher finds out what it must drop.</summary>
[KafkaApi(ApiKey.OffsetForLeaderEpoch)]
internal sealed class OffsetForLeaderEpoch(PartitionRegistry partitions, MetadataState metadata) : IApi<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    /// <inheritdoc/>
    public ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(OffsetForLeaderEpochRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new OffsetForLeaderEpochResponse
        {
            Topics =
            [
                .. request.Topics.Select(t => new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult
                {
                    Topic = t.Topic, Partitions = [.. t.Partitions.Select(p => Look(t.Topic, p))],
                }),
            ],
        });

    private OffsetForLeaderEpochResponse.EpochEndOffset Look(string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        if (!partitions.TryGet(topic, asked.Partition, out var partition))
        {
            return Refuse(asked.Partition, PartitionRegistry.WhyNotHere(metadata.Image, topic, asked.Partition));
        }

        var error = partition.IsOffline ? ErrorCode.KafkaStorageError : partition.CheckEpoch(asked.CurrentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return Refuse(asked.Partition, error);
        }

        var (epoch, end) = partition.Log.EndOffsetFor(asked.LeaderEpoch);
        return new() { Partition = asked.Partition, LeaderEpoch = epoch, EndOffset = end };
    }

    private static OffsetForLeaderEpochResponse.EpochEndOffset Refuse(int partition, ErrorCode error) =>
        new() { Partition = partition, ErrorCode = error, LeaderEpoch = LeaderEpoch.None, EndOffset = Offset.None };
}
