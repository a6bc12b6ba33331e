using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides on new topics: names, placement, configuration. Each topic stands alone; one refused does not stop the rest.</summary>
public static class TopicCreation
{
    /// <summary>The most partitions that one request may create, as in Kafka: more would not fit one atomic change.</summary>
    public const int MaxPartitionsPerRequest = 10_000;

    /// <summary>Decides on all topics of one request.</summary>
    public static Transition<NewTopicResult[], IMetadataRecord> Decide(
        MetadataImage image, IReadOnlyList<NewTopic> wishes, TopicCreationRules rules)
    {
        var results = new NewTopicResult[wishes.Count];
        var records = new List<IMetadataRecord>();
        var batch = new Batch(image, rules);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = batch.Decide(wishes[i], records);
        }

        return new(results, records);
    }

    private sealed class Batch(MetadataImage image, TopicCreationRules rules)
    {
        private readonly HashSet<string> _newForms = new(StringComparer.Ordinal);
        private readonly ReplicaPlacement _placement = new(image);
        private int _partitions;

        public NewTopicResult Decide(NewTopic wish, List<IMetadataRecord> records)
        {
            if (RefuseName(wish.Name) is { } refused)
            {
                return new(wish.Name, refused.Error, refused.Message);
            }

            var placed = Place(wish);
            if (placed.Replicas is not { } replicas)
            {
                return new(wish.Name, placed.Error, placed.Message);
            }

            if (rules.RefuseConfigs(wish.Configs) is { } message)
            {
                return new(wish.Name, ErrorCode.InvalidConfig, message);
            }

            _partitions += replicas.Length;
            if (_partitions > MaxPartitionsPerRequest)
            {
                return new(wish.Name, ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");
            }

            _newForms.Add(TopicName.CollisionForm(wish.Name));
            var id = rules.NewId();
            Write(wish, id, replicas, records);
            return new(wish.Name, ErrorCode.None, null, id, replicas.Length, (short)replicas[0].Length);
        }

        private (ErrorCode Error, string Message)? RefuseName(string name)
        {
            if (string.Equals(name, TopicName.ClusterMetadata, StringComparison.Ordinal))
            {
                return (ErrorCode.InvalidRequest, $"Creation of internal topic {TopicName.ClusterMetadata} is prohibited.");
            }

            if (TopicName.Refuse(name) is { } reason)
            {
                return (ErrorCode.InvalidTopicException, reason);
            }

            if (image.Topics.ContainsKey(name))
            {
                return (ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
            }

            var form = TopicName.CollisionForm(name);
            if (TopicName.MayCollide(name) && image.CollidingNames.TryGetValue(form, out var other))
            {
                return (ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {other}");
            }

            return _newForms.Contains(form)
                ? (ErrorCode.InvalidTopicException, $"Topic '{name}' collides with another topic of this request")
                : null;
        }

        private Placed Place(NewTopic wish)
        {
            if (wish.Assignments.Count > 0)
            {
                return wish is { Partitions: not -1 } or { ReplicationFactor: not -1 }
                    ? new(ErrorCode.InvalidRequest, "A manual partition assignment was specified, but the number of partitions or the replication factor was not set to -1.")
                    : PlaceByHand(wish.Assignments);
            }

            var factor = wish.ReplicationFactor == -1 ? rules.FactorOf(image) : wish.ReplicationFactor;
            var partitions = wish.Partitions == -1 ? rules.DefaultPartitions : wish.Partitions;
            if (factor <= 0)
            {
                return new(ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
            }

            if (partitions <= 0)
            {
                return new(ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
            }

            if (partitions > MaxPartitionsPerRequest)
            {
                return new(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");
            }

            if (_placement.RefuseFactor(factor) is { } reason)
            {
                return new(ErrorCode.InvalidReplicationFactor, reason);
            }

            return new(_placement.Spread(partitions, factor));
        }

        private Placed PlaceByHand(IReadOnlyList<(int Partition, BrokerId[] Brokers)> assignments)
        {
            var byIndex = new BrokerId[assignments.Count][];
            foreach (var (partition, brokers) in assignments)
            {
                if (partition < 0 || partition >= byIndex.Length || byIndex[partition] is not null)
                {
                    return new(ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence");
                }

                if (_placement.Refuse(brokers, partition) is { } reason)
                {
                    return new(ErrorCode.InvalidReplicaAssignment, reason);
                }

                if (brokers.Length != assignments[0].Brokers.Length)
                {
                    return new(ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes partitions with different numbers of replicas.");
                }

                byIndex[partition] = brokers;
            }

            return new(byIndex);
        }

        private void Write(NewTopic wish, TopicId id, BrokerId[][] replicas, List<IMetadataRecord> records)
        {
            records.Add(new TopicRecord { Name = wish.Name, TopicId = id });
            foreach (var (key, value) in wish.Configs)
            {
                if (value is not null)
                {
                    records.Add(new ConfigRecord
                    {
                        ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = wish.Name, Name = key, Value = value,
                    });
                }
            }

            for (var p = 0; p < replicas.Length; p++)
            {
                records.Add(_placement.RecordOf(id, p, replicas[p]));
            }
        }
    }

    private readonly struct Placed
    {
        public Placed(BrokerId[][] replicas) => Replicas = replicas;

        public Placed(ErrorCode error, string message) => (Error, Message) = (error, message);

        public BrokerId[][]? Replicas { get; }

        public ErrorCode Error { get; }

        public string? Message { get; }
    }
}

/// <summary>A topic somebody wants.</summary>
/// <param name="Name">Its name, not yet checked.</param>
/// <param name="Partitions">How many partitions; -1 for the default (KIP-464).</param>
/// <param name="ReplicationFactor">How many replicas of each; -1 for the default.</param>
/// <param name="Assignments">Which brokers hold which partition, where the caller decides it; else empty.</param>
/// <param name="Configs">Its own configuration; a null value stands for "not set".</param>
public sealed record NewTopic(
    string Name,
    int Partitions,
    short ReplicationFactor,
    IReadOnlyList<(int Partition, BrokerId[] Brokers)> Assignments,
    IReadOnlyDictionary<string, string?> Configs);

/// <summary>What became of a wish for a topic.</summary>
/// <param name="Name">Its name as asked for.</param>
/// <param name="Error">Why not, or none.</param>
/// <param name="Message">The reason in words.</param>
/// <param name="Id">The new topic's id.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="ReplicationFactor">How many replicas each has.</param>
public sealed record NewTopicResult(
    string Name, ErrorCode Error, string? Message, TopicId Id = default, int Partitions = -1, short ReplicationFactor = -1);

/// <summary>What creation needs to know besides the cluster's state.</summary>
/// <param name="DefaultPartitions"><c>num.partitions</c>.</param>
/// <param name="DefaultReplicationFactor"><c>default.replication.factor</c>; -1 where it was not given, and depends on the cluster.</param>
/// <param name="RefuseConfigs">Says in words what is wrong with a topic's configuration, or null.</param>
/// <param name="NewId">Draws a topic id.</param>
public sealed record TopicCreationRules(
    int DefaultPartitions,
    short DefaultReplicationFactor,
    Func<IReadOnlyDictionary<string, string?>, string?> RefuseConfigs,
    Func<TopicId> NewId)
{
    /// <summary>How many replicas a topic gets where its creator leaves that open.</summary>
    public short FactorOf(MetadataImage image) =>
        DefaultReplicationFactor > 0 ? DefaultReplicationFactor : ReplicationDefaults.FactorOf(image);
}
