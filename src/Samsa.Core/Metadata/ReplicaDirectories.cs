using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Notes in which of a broker's log directories its replicas lie (KIP-858). One that comes from a directory which is not online any
/// more may have been made anew, on a disk that was replaced: nobody knows it to have what was committed.
/// </summary>
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
        var electorates = new Electorates(
            new Electorate(image, rules),
            new Electorate(image, rules) { Leaving = broker.Id },
            new Electorate(image, rules) { Leaving = broker.Id, LeavingIsUnclean = true });
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
                        ? Decide(electorates, broker, directory.Id, image.TopicById(asked.TopicId), p.PartitionIndex, records)
                        : ErrorCode.InvalidRequest,
                }),
            }),
        });
        return new(new AssignReplicasToDirsResponse { Directories = directories }, records);
    }

    private static ErrorCode Decide(
        Electorates electorates, BrokerImage broker, Guid directory, TopicImage? topic, int index, List<IMetadataRecord> records)
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
            var electorate = !broker.HasOnline(directory) ? electorates.WithoutIt
                : broker.HasOnline(partition.Directories[at]) ? electorates.All
                : electorates.WithoutItsRecords;
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

    /// <summary>Who may lead, and stay eligible, given what became of the replica.</summary>
    /// <param name="All">It lies where it did, or nobody knew where.</param>
    /// <param name="WithoutIt">Its directory failed; what it holds may come back with the directory.</param>
    /// <param name="WithoutItsRecords">It is online, and may have begun anew.</param>
    private sealed record Electorates(Electorate All, Electorate WithoutIt, Electorate WithoutItsRecords);
}
