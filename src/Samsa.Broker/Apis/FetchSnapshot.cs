using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Apis;

/// <summary>FetchSnapshot (KIP-630): a piece of a metadata snapshot, for a broker from whose offset the log no longer goes on.</summary>
[KafkaApi(ApiKey.FetchSnapshot)]
internal sealed class FetchSnapshot(MetadataFollowing following) : IApi<FetchSnapshotRequest, FetchSnapshotResponse>
{
    private const int MostBytes = 4 << 20;

    /// <inheritdoc/>
    public ValueTask<FetchSnapshotResponse?> HandleAsync(FetchSnapshotRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        if (request.ClusterId is { } cluster && cluster != following.ClusterId)
        {
            return new(new FetchSnapshotResponse { ErrorCode = ErrorCode.InconsistentClusterId });
        }

        if (request.Topics is not [{ Name: TopicName.ClusterMetadata, Partitions: [{ Partition: 0 } wanted] }])
        {
            return new(new FetchSnapshotResponse { ErrorCode = ErrorCode.InvalidRequest });
        }

        var partition = following.Controller.IsActive
            ? Read(wanted, request.MaxBytes)
            : new FetchSnapshotResponse.PartitionSnapshot { ErrorCode = ErrorCode.NotLeaderOrFollower };
        partition.CurrentLeader = new() { LeaderId = following.Log.Leader, LeaderEpoch = following.Log.Epoch };
        return new(new FetchSnapshotResponse
        {
            Topics = [new FetchSnapshotResponse.TopicSnapshot { Name = TopicName.ClusterMetadata, Partitions = [partition] }],
        });
    }

    private FetchSnapshotResponse.PartitionSnapshot Read(FetchSnapshotRequest.PartitionSnapshot wanted, int maxBytes)
    {
        var id = new MetadataSnapshotId(wanted.SnapshotId.EndOffset, wanted.SnapshotId.Epoch);
        try
        {
            return following.Reader.ReadSnapshot(id, wanted.Position, Math.Clamp(maxBytes, 1, MostBytes), out var size) is { } bytes
                ? new()
                {
                    SnapshotId = new() { EndOffset = id.End, Epoch = id.Epoch },
                    Size = size,
                    Position = wanted.Position,
                    UnalignedRecords = new RecordsPayload(bytes),
                }
                : new() { ErrorCode = size > 0 ? ErrorCode.PositionOutOfRange : ErrorCode.SnapshotNotFound };
        }
        catch (IOException)
        {
            return new() { ErrorCode = ErrorCode.KafkaStorageError };
        }
    }
}
