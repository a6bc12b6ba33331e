using Samsa.Broker.Partitions;
using Samsa.Broker.Pipeline;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Storage;

namespace Samsa.Broker.Apis;

/// <summary>
/// DescribeLogDirs (KIP-113, KIP-827, KIP-1066): the data directories of this broker, the room on their disks, and the size of the partitions in them.
/// </summary>
[KafkaApi(ApiKey.DescribeLogDirs)]
internal sealed class DescribeLogDirs(LogStore store, PartitionRegistry partitions) : IApi<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    /// <inheritdoc/>
    public ValueTask<DescribeLogDirsResponse?> HandleAsync(DescribeLogDirsRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        var asked = request.Topics?.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToHashSet();
        return new(new DescribeLogDirsResponse
        {
            Results = [.. store.Directories.Select(d => d.OfflineReason is null ? Describe(d, asked) : Offline(d))],
        });
    }

    private DescribeLogDirsResponse.DescribeLogDirsResult Describe(LogDirectory directory, HashSet<TopicPartition>? asked)
    {
        var (total, usable) = Room(directory);
        return new()
        {
            LogDir = directory.Path,
            TotalBytes = total,
            UsableBytes = usable,
            IsCordoned = store.IsCordoned(directory),
            Topics =
            [
                .. store.LogsIn(directory)
                    .Where(l => partitions.TryGet(l.Partition.Topic, l.Partition.Partition, out _) && asked?.Contains(l.Partition) != false)
                    .GroupBy(l => l.Partition.Topic, StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => new DescribeLogDirsResponse.DescribeLogDirsTopic
                    {
                        Name = g.Key, Partitions = [.. g.OrderBy(l => l.Partition.Partition).Select(Describe)],
                    }),
            ],
        };
    }

    private static DescribeLogDirsResponse.DescribeLogDirsPartition Describe(PartitionLog log) => new()
    {
        PartitionIndex = log.Partition.Partition,
        PartitionSize = log.SizeInBytes,
        OffsetLag = Math.Max(0, log.HighWatermark - log.LogEndOffset),
    };

    private static DescribeLogDirsResponse.DescribeLogDirsResult Offline(LogDirectory directory) =>
        new() { ErrorCode = ErrorCode.KafkaStorageError, LogDir = directory.Path };

    private static (long Total, long Usable) Room(LogDirectory directory)
    {
        try
        {
            return (directory.TotalBytes, directory.FreeBytes);
        }
        catch (IOException)
        {
            // Unknown, which is -1 on the wire.
            return (-1, -1);
        }
    }
}
