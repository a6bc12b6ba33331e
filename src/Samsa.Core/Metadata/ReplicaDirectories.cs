using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Notes in which of a broker's log directories its replicas lie (KIP-858).</summary>
public static class ReplicaDirectories
{
    /// <summary>Decides on every replica by itself.</summary>
    public static Transition<AssignReplicasToDirsResponse, IMetadataRecord> Decide(
        MetadataImage image, AssignReplicasToDirsRequest request, ControllerRules rules)
    {
        if (!image.Brokers.TryGetValue(request.BrokerId, out var broker) || broker.Epoch != request.BrokerEpoch)
        {
            return new(new AssignReplicasToDirsResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }, []);
        }

        var records = new List<IMetadataRecord>();
        var seen = new HashSet<(TopicId, int)>();
        var (all, others) = (new Electorate(image, rules), new Electorate(image, rules) { Leaving = broker.Id });
        var directories = Array.ConvertAll(request.Directories, directory => new AssignReplicasToDirsResponse.DirectoryData
        {
            Id = directory.Id,
            Topics = Array.ConvertAll(directory.Topics, asked => new AssignReplicasToDirsResponse.TopicData
            {
                TopicId = asked.TopicId,
                Partitions = Array.ConvertAll(asked.Partitions, p => new AssignReplicasToDirsResponse.PartitionData
                {
                    PartitionIndex = p.PartitionIndex,
                    ErrorCode = seen.Add((asked.TopicId, p.PartitionIndex))
                        ? Decide(broker.HasOnline(directory.Id) ? all : others, broker, directory.Id, image.TopicById(asked.TopicId), p.PartitionIndex, records)
                        : ErrorCode.InvalidRequest,
                }),
            }),
        });
        return new(new AssignReplicasToDirsResponse { Directories = directories }, records);
    }

    private static ErrorCode Decide(
        Electorate electorate, BrokerImage broker, Guid directory, TopicImage? topic, int index, List<IMetadataRecord> records)
    {
        if (topic is null)
        {
            return ErrorCode.UnknownTopicId;
        }

        if (index < 0 || index >= topic.Partitions.Count)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        var partition = topic.Partitions[index];
        var at = Array.IndexOf(partition.Replicas, broker.Id);
        if (at < 0)
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        if (partition.Directories[at] != directory)
        {
            var change = new PartitionAlteration(electorate, topic, partition, electorate.RulesOf(topic.Name))
            {
                Directories = [.. partition.Directories[..at], directory, .. partition.Directories[(at + 1)..]],

                // Where the directory failed meanwhile, no heartbeat will tell of this replica.
                Isr = Array.FindAll(partition.InSyncReplicas, b => !electorate.Leaves(partition, b)),
            };

            records.Add(change.Build()!);
        }

        return ErrorCode.None;
    }
}
