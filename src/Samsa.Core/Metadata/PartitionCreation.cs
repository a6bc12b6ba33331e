using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides on further partitions of topics (KIP-195). Each topic stands alone; one refused does not stop the rest.</summary>
public static class PartitionCreation
{
    /// <summary>Decides on all topics of one request; answers come in the order asked.</summary>
    public static Transition<TopicGrowthResult[], IMetadataRecord> Decide(MetadataImage image, IReadOnlyList<TopicGrowth> wishes)
    {
        var results = new TopicGrowthResult[wishes.Count];
        var records = new List<IMetadataRecord>();
        var placement = new ReplicaPlacement(image);
        var added = 0;
        for (var i = 0; i < results.Length; i++)
        {
            var wish = wishes[i];
            results[i] = Refuse(image, wish, placement, ref added) is { } refused
                ? new(wish.Name, refused.Error, refused.Message)
                : new(wish.Name, ErrorCode.None, null);
            if (results[i].Error == ErrorCode.None)
            {
                Write(image, wish, placement, records);
            }
        }

        return new(results, records);
    }

    private static (ErrorCode Error, string Message)? Refuse(MetadataImage image, TopicGrowth wish, ReplicaPlacement placement, ref int added)
    {
        if (image.TopicByName(wish.Name) is not { } topic)
        {
            return (ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition.Describe().Text);
        }

        if (TopicName.IsInternal(wish.Name))
        {
            return (ErrorCode.InvalidTopicException, $"The partitions of the internal topic {wish.Name} are where its keys are looked for: their number cannot change.");
        }

        var present = topic.Partitions.Count;
        if (wish.Count <= present)
        {
            return (ErrorCode.InvalidPartitions, wish.Count == present
                ? $"Topic already has {present} partition(s)."
                : $"The topic {wish.Name} currently has {present} partition(s); {wish.Count} would not be an increase.");
        }

        added += wish.Count - present;
        if (wish.Count - present > TopicCreation.MaxPartitionsPerRequest || added > TopicCreation.MaxPartitionsPerRequest)
        {
            return (ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");
        }

        var factor = FactorOf(topic);
        return wish.Assignments is not null ? RefuseAssignments(wish.Assignments, present, wish.Count - present, factor, placement)
            : placement.RefuseFactor(factor) is { } reason ? (ErrorCode.InvalidReplicationFactor, reason)
            : null;
    }

    private static (ErrorCode Error, string Message)? RefuseAssignments(
        IReadOnlyList<BrokerId[]> assignments, int first, int additional, int factor, ReplicaPlacement placement)
    {
        if (assignments.Count != additional)
        {
            return (ErrorCode.InvalidReplicaAssignment, $"Attempted to add {additional} additional partition(s), but only {assignments.Count} assignment(s) were specified.");
        }

        for (var i = 0; i < assignments.Count; i++)
        {
            var brokers = assignments[i];
            var reason = placement.Refuse(brokers, first + i) ?? (brokers.Length == factor
                ? null
                : $"The manual partition assignment includes a partition with {brokers.Length} replica(s), but this is not consistent with previous partitions, which have {factor} replica(s).");
            if (reason is not null)
            {
                return (ErrorCode.InvalidReplicaAssignment, reason);
            }
        }

        return null;
    }

    private static void Write(MetadataImage image, TopicGrowth wish, ReplicaPlacement placement, List<IMetadataRecord> records)
    {
        var topic = image.TopicByName(wish.Name)!;
        var present = topic.Partitions.Count;
        var replicas = wish.Assignments ?? placement.Spread(wish.Count - present, FactorOf(topic));
        for (var i = 0; i < replicas.Count; i++)
        {
            records.Add(placement.RecordOf(topic.Id, present + i, replicas[i]));
        }
    }

    // A reassignment under way does not count: those it adds are there beside those it removes.
    private static int FactorOf(TopicImage topic) => topic.Partitions[0].Replicas.Length - topic.Partitions[0].AddingReplicas.Length;
}

/// <summary>A topic that is to have more partitions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many it is to have in all.</param>
/// <param name="Assignments">Which brokers hold each new partition, where the caller decides it; else null.</param>
public sealed record TopicGrowth(string Name, int Count, IReadOnlyList<BrokerId[]>? Assignments);

/// <summary>What became of a wish for partitions.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">The reason in words.</param>
public sealed record TopicGrowthResult(string Name, ErrorCode Error, string? Message);
