using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides on elections that somebody asks for (KIP-183, KIP-460), and on those that bring leaders back home.</summary>
public static class LeaderElections
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    /// <summary>Decides on every partition asked for; where none is named, on all that need it.</summary>
    public static Transition<ElectLeadersResponse, IMetadataRecord> Decide(MetadataImage image, ElectLeadersRequest request, ControllerRules rules)
    {
        if (request.ElectionType is not (Preferred or Unclean))
        {
            var message = $"Unknown election type {request.ElectionType}";
            return new(
                new ElectLeadersResponse
                {
                    ErrorCode = ErrorCode.InvalidRequest,
                    ReplicaElectionResults =
                    [
                        .. (request.TopicPartitions ?? []).Select(t => Answer(t.Topic, t.Partitions.Select(p => Result(p, ErrorCode.InvalidRequest, message)))),
                    ],
                },
                []);
        }

        var records = new List<IMetadataRecord>();
        var electorate = new Electorate(image, rules);
        var kind = request.ElectionType == Preferred ? ElectionKind.Preferred : ElectionKind.Unclean;
        var results = new List<ElectLeadersResponse.ReplicaElectionResult>();
        if (request.TopicPartitions is { } asked)
        {
            foreach (var topic in asked.GroupBy(t => t.Topic, StringComparer.Ordinal))
            {
                var partitions = topic.SelectMany(t => t.Partitions).Distinct();
                results.Add(Answer(topic.Key, partitions.Select(p => Elect(electorate, topic.Key, p, kind, records))));
            }
        }
        else
        {
            foreach (var topic in image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
            {
                var needy = topic.Partitions.Where(p => Needs(p, kind));
                results.Add(Answer(topic.Name, needy.Select(p => Elect(electorate, topic.Name, p.Partition, kind, records))));
            }
        }

        return new(new ElectLeadersResponse { ReplicaElectionResults = [.. results] }, records);
    }

    /// <summary>
    /// Gives leadership back to preferred replicas that are in sync again, and leaders to partitions that have none and may
    /// have one by now, for example because their topic allows unclean elections since.
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="atMost">How many partitions; what is left comes next time.</param>
    /// <param name="rules">What else matters.</param>
    internal static IReadOnlyList<IMetadataRecord> Balance(MetadataImage image, int atMost, ControllerRules rules)
    {
        var records = new List<IMetadataRecord>();
        var electorate = new Electorate(image, rules);
        foreach (var topic in image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                if (records.Count == atMost)
                {
                    return records;
                }

                if (partition.Leader == partition.Replicas[0] || (partition.Leader != BrokerId.None && !CanLead(electorate, partition, partition.Replicas[0])))
                {
                    continue;
                }

                var change = new PartitionAlteration(electorate, topic, partition, electorate.RulesOf(topic.Name));
                if (partition.Leader != BrokerId.None)
                {
                    change.Election = ElectionKind.Preferred;
                }

                if (change.Build() is { } record)
                {
                    records.Add(record);
                }
            }
        }

        return records;
    }

    private static bool CanLead(Electorate electorate, PartitionImage partition, BrokerId broker) =>
        partition.InSyncReplicas.Contains(broker) && electorate.MayLead(partition, broker);

    private static bool Needs(PartitionImage partition, ElectionKind kind) =>
        kind == ElectionKind.Preferred ? partition.Leader != partition.Replicas[0] : partition.Leader == BrokerId.None;

    private static ElectLeadersResponse.PartitionResult Elect(
        Electorate electorate, string name, int index, ElectionKind kind, List<IMetadataRecord> records)
    {
        if (electorate.Image.TopicByName(name) is not { } topic)
        {
            return Result(index, ErrorCode.UnknownTopicOrPartition, $"No such topic as {name}");
        }

        if (index < 0 || index >= topic.Partitions.Count)
        {
            return Result(index, ErrorCode.UnknownTopicOrPartition, $"No such partition as {name}-{index}");
        }

        var partition = topic.Partitions[index];
        if (!Needs(partition, kind))
        {
            return Result(index, ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
        }

        var change = new PartitionAlteration(electorate, topic, partition, electorate.RulesOf(name)) { Election = kind };
        if (change.Build() is not { } record)
        {
            return kind == ElectionKind.Preferred
                ? Result(index, ErrorCode.PreferredLeaderNotAvailable, "The preferred leader was not available.")
                : Result(index, ErrorCode.EligibleLeadersNotAvailable, "Eligible topic partition leaders are not available.");
        }

        records.Add(record);
        return Result(index, ErrorCode.None, null);
    }

    private static ElectLeadersResponse.PartitionResult Result(int index, ErrorCode error, string? message) => new()
    {
        PartitionId = index, ErrorCode = error, ErrorMessage = message,
    };

    private static ElectLeadersResponse.ReplicaElectionResult Answer(string topic, IEnumerable<ElectLeadersResponse.PartitionResult> partitions) => new()
    {
        Topic = topic, PartitionResult = [.. partitions],
    };
}
