using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Decides on moving partitions to other brokers (KIP-455, KIP-860). A move begins with the union of the old and the new
/// replicas, and ends by itself when all new ones are in sync (<see cref="PartitionAlteration"/>).
/// </summary>
public static class Reassignments
{
    /// <summary>Begins, changes or cancels moves, each by itself.</summary>
    public static Transition<AlterPartitionReassignmentsResponse, IMetadataRecord> Decide(
        MetadataImage image, AlterPartitionReassignmentsRequest request, ControllerRules rules)
    {
        var records = new List<IMetadataRecord>();
        var electorate = new Electorate(image, rules);
        var seen = new HashSet<(string, int)>();
        var responses = Array.ConvertAll(request.Topics, topic => new AlterPartitionReassignmentsResponse.ReassignableTopicResponse
        {
            Name = topic.Name,
            Partitions = Array.ConvertAll(topic.Partitions, wish =>
            {
                var (error, message) = seen.Add((topic.Name, wish.PartitionIndex))
                    ? Decide(electorate, topic.Name, wish.PartitionIndex, wish.Replicas, request.AllowReplicationFactorChange, records)
                    : (ErrorCode.InvalidRequest, "The partition is named twice.");
                return new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = wish.PartitionIndex, ErrorCode = error, ErrorMessage = message,
                };
            }),
        });
        return new(
            new AlterPartitionReassignmentsResponse { AllowReplicationFactorChange = request.AllowReplicationFactorChange, Responses = responses },
            records);
    }

    /// <summary>Lists moves under way: those of the partitions named, or all.</summary>
    public static ListPartitionReassignmentsResponse List(MetadataImage image, ListPartitionReassignmentsRequest request)
    {
        var asked = request.Topics is { } topics
            ? topics.Select(t => (Topic: image.TopicByName(t.Name), Partitions: t.PartitionIndexes.Distinct()))
            : image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => (Topic: (TopicImage?)t, Partitions: Enumerable.Range(0, t.Partitions.Count)));
        return new ListPartitionReassignmentsResponse
        {
            Topics =
            [
                .. asked.Where(a => a.Topic is not null)
                    .Select(a => Ongoing(a.Topic!, a.Partitions))
                    .Where(t => t.Partitions.Length > 0),
            ],
        };
    }

    private static ListPartitionReassignmentsResponse.OngoingTopicReassignment Ongoing(TopicImage topic, IEnumerable<int> partitions) => new()
    {
        Name = topic.Name,
        Partitions =
        [
            .. partitions.Where(i => i >= 0 && i < topic.Partitions.Count).Select(i => topic.Partitions[i]).Where(p => p.IsReassigning)
                .Select(p => new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
                {
                    PartitionIndex = p.Partition, Replicas = p.Replicas, AddingReplicas = p.AddingReplicas, RemovingReplicas = p.RemovingReplicas,
                }),
        ],
    };

    private static (ErrorCode Error, string? Message) Decide(
        Electorate electorate, string name, int index, BrokerId[]? target, bool mayChangeFactor, List<IMetadataRecord> records)
    {
        if (electorate.Image.TopicByName(name) is not { } topic)
        {
            return (ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {name}.");
        }

        if (index < 0 || index >= topic.Partitions.Count)
        {
            return (ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {name}:{index}.");
        }

        var partition = topic.Partitions[index];
        var rules = electorate.RulesOf(name);
        var change = new PartitionAlteration(electorate, topic, partition, rules);
        var refused = target is null
            ? Cancel(partition, rules, change)
            : Begin(electorate.Image, partition, target, mayChangeFactor, change);
        if (refused.Error == ErrorCode.None && change.Build() is { } record)
        {
            records.Add(record);
        }

        return refused;
    }

    private static (ErrorCode Error, string? Message) Cancel(PartitionImage partition, TopicRules rules, PartitionAlteration change)
    {
        if (!partition.IsReassigning)
        {
            return (ErrorCode.NoReassignmentInProgress, "No partition reassignment is in progress.");
        }

        change.Replicas = Array.FindAll(partition.Replicas, b => !partition.AddingReplicas.Contains(b));
        change.Isr = Array.FindAll(partition.InSyncReplicas, b => !partition.AddingReplicas.Contains(b));
        (change.Adding, change.Removing) = ([], []);

        // Where only what was added is in sync, or eligible, giving it up gives up records.
        var losesRecords = change.Isr.Length == 0
            && partition.InSyncReplicas.Length > 0
            && !partition.EligibleLeaderReplicas.Intersect(change.Replicas).Any();
        return losesRecords && !rules.AllowsUncleanElection
            ? (ErrorCode.InvalidReplicaAssignment, "The reassignment cannot be reverted: it would take an unclean leader election.")
            : (ErrorCode.None, null);
    }

    private static (ErrorCode Error, string? Message) Begin(
        MetadataImage image, PartitionImage partition, BrokerId[] target, bool mayChangeFactor, PartitionAlteration change)
    {
        if (ReplicaPlacement.RefuseAssignment(image, target) is { } reason)
        {
            return (ErrorCode.InvalidReplicaAssignment, reason);
        }

        BrokerId[] original = [.. partition.Replicas.Except(partition.AddingReplicas)];
        if (!mayChangeFactor && target.Length != original.Length)
        {
            return (ErrorCode.InvalidReplicationFactor, $"The replication factor is changed from {original.Length} to {target.Length}");
        }

        // What an earlier, unfinished move was about to add and this one doesn't goes at once, unless nobody else is in sync.
        BrokerId[] removing = [.. original.Except(target)];
        BrokerId[] isr = [.. partition.InSyncReplicas.Where(b => original.Contains(b) || target.Contains(b))];
        if (isr.Length == 0 && partition.InSyncReplicas.Length > 0)
        {
            isr = partition.InSyncReplicas;
            removing = [.. removing, .. isr];
        }

        change.Adding = [.. target.Except(original)];
        change.Removing = removing;
        change.Replicas = [.. target, .. removing];
        change.Isr = isr;
        return (ErrorCode.None, null);
    }
}
