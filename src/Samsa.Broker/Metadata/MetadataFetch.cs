using Samsa.Broker.Peers;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Metadata;

/// <summary>
/// Fetch on a controller's listener (KIP-595): brokers follow <c>__cluster_metadata-0</c>. Only the active controller answers with
/// records; the others name it. What is given out is committed, so no follower ever has to cut anything off.
/// </summary>
internal sealed class MetadataFetch(MetadataFollowing following) : IApi<FetchRequest, FetchResponse>
{
    private const int MostBytes = 4 << 20;

    /// <inheritdoc/>
    public async ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.ClusterId is { } cluster && cluster != following.ClusterId)
        {
            return new FetchResponse { ErrorCode = ErrorCode.InconsistentClusterId };
        }

        if (request.Topics is not [{ Partitions: [{ Partition: 0 } wanted] } topic] || !IsMetadata(topic))
        {
            return new FetchResponse { ErrorCode = ErrorCode.InvalidRequest };
        }

        var partition = await ReadAsync(wanted, request, cancellationToken);
        return new FetchResponse
        {
            Responses = [new FetchResponse.FetchableTopicResponse { Topic = topic.Topic, TopicId = topic.TopicId, Partitions = [partition] }],
            NodeEndpoints = partition.ErrorCode == ErrorCode.NotLeaderOrFollower ? [.. following.Endpoints()] : [],
        };
    }

    private async ValueTask<FetchResponse.PartitionData> ReadAsync(
        FetchRequest.FetchPartition wanted, FetchRequest request, CancellationToken cancellationToken)
    {
        var (controller, reader) = (following.Controller, following.Reader);
        if (!controller.IsActive)
        {
            return Answer(ErrorCode.NotLeaderOrFollower);
        }

        var from = wanted.FetchOffset;
        following.Observed(request.ReplicaState?.ReplicaId ?? BrokerId.None, from);
        if (from > reader.CommittedEnd)
        {
            return Answer(ErrorCode.OffsetOutOfRange);
        }

        if (from == reader.CommittedEnd && request.MaxWaitMs > 0)
        {
            await following.WaitBeyondAsync(from, TimeSpan.FromMilliseconds(request.MaxWaitMs), cancellationToken);
        }

        try
        {
            if (reader.Read(from, Math.Clamp(wanted.PartitionMaxBytes, 1, MostBytes)) is { } batches)
            {
                var answer = Answer(ErrorCode.None);
                answer.Records = new RecordsPayload(batches);
                return answer;
            }

            if (reader.LatestSnapshot is { } snapshot)
            {
                var answer = Answer(ErrorCode.None);
                answer.Records = RecordsPayload.Empty;
                answer.SnapshotId = new FetchResponse.SnapshotId { EndOffset = snapshot.End, Epoch = snapshot.Epoch };
                return answer;
            }

            return Answer(ErrorCode.OffsetOutOfRange);
        }
        catch (IOException)
        {
            return Answer(ErrorCode.KafkaStorageError);
        }
    }

    private FetchResponse.PartitionData Answer(ErrorCode error) => new()
    {
        ErrorCode = error,
        HighWatermark = error == ErrorCode.None ? following.Reader.CommittedEnd : Offset.None,
        LastStableOffset = error == ErrorCode.None ? following.Reader.CommittedEnd : Offset.None,
        LogStartOffset = following.Reader.LogStartOffset,
        CurrentLeader = new FetchResponse.LeaderIdAndEpoch { LeaderId = following.Log.Leader, LeaderEpoch = following.Log.Epoch },
    };

    private static bool IsMetadata(FetchRequest.FetchTopic topic) =>
        topic.TopicId == TopicId.ClusterMetadata || topic.Topic == TopicName.ClusterMetadata;
}
