using Samsa.Broker.Metadata;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Storage;

namespace Samsa.Broker.Apis;

/// <summary>
/// AlterReplicaLogDirs (KIP-113): has replicas moved to other data directories of this broker. Samsa does not move them: a replica that is in
/// the directory asked for already is answered with success, one that would have to move with INVALID_REQUEST.
/// </summary>
[KafkaApi(ApiKey.AlterReplicaLogDirs)]
internal sealed class AlterReplicaLogDirs(LogStore store, MetadataState metadata) : IApi<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>
{
    /// <inheritdoc/>
    public ValueTask<AlterReplicaLogDirsResponse?> HandleAsync(AlterReplicaLogDirsRequest request, RequestContext context, CancellationToken cancellationToken) =>
        new(new AlterReplicaLogDirsResponse
        {
            Results =
            [
                .. request.Dirs.SelectMany(d => d.Topics.SelectMany(t => t.Partitions.Select(p => (d.Path, Partition: new TopicPartition(t.Name, p)))))
                    .GroupBy(w => w.Partition.Topic, StringComparer.Ordinal)
                    .Select(topic => new AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult
                    {
                        TopicName = topic.Key,
                        Partitions =
                        [
                            .. topic.Select(w => new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult
                            {
                                PartitionIndex = w.Partition.Partition, ErrorCode = Check(w.Path, w.Partition),
                            }),
                        ],
                    }),
            ],
        });

    private ErrorCode Check(string path, TopicPartition partition)
    {
        var directory = store.Directories.FirstOrDefault(d => string.Equals(d.Path, path, StringComparison.Ordinal));
        if (directory is null)
        {
            return ErrorCode.LogDirNotFound;
        }

        if (directory.OfflineReason is not null || store.IsOffline(partition, out _))
        {
            return ErrorCode.KafkaStorageError;
        }

        return store.TryGet(partition, out _)
            ? store.LogsIn(directory).Any(l => l.Partition == partition) ? ErrorCode.None : ErrorCode.InvalidRequest
            : metadata.Image.TopicByName(partition.Topic) is { } topic && partition.Partition >= 0 && partition.Partition < topic.Partitions.Count
                ? ErrorCode.NotLeaderOrFollower
                : ErrorCode.UnknownTopicOrPartition;
    }
}
