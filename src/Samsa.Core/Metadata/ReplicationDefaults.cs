using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// How much a cluster replicates where nobody said: a cluster of three brokers survives the loss of any one of them
/// without being told to.
/// </summary>
public static class ReplicationDefaults
{
    /// <summary>From how many brokers on.</summary>
    public const int BrokersOfACluster = 3;

    /// <summary>Replicas of a topic in such a cluster.</summary>
    public const short ReplicationFactor = 3;

    /// <summary>Replicas that must have a record before it is acknowledged with acks=all.</summary>
    public const int MinInSyncReplicas = 2;

    /// <summary>The setting that says so.</summary>
    public const string MinInSyncReplicasName = "min.insync.replicas";

    /// <summary>How many replicas a topic gets for which no number was given anywhere.</summary>
    public static short FactorOf(MetadataImage image) => image.Brokers.Count >= BrokersOfACluster ? ReplicationFactor : (short)1;

    /// <summary>
    /// What the registration of a new broker changes: when the third one arrives, the default of all brokers for
    /// <c>min.insync.replicas</c> becomes 2. It is written down, so that all brokers agree and it can be seen and changed;
    /// partitions with fewer replicas are not affected.
    /// </summary>
    /// <param name="image">The cluster without the new broker.</param>
    internal static ConfigRecord? OnNewBroker(MetadataImage image) =>
        image.Brokers.Count + 1 == BrokersOfACluster && !image.ConfigsOf(ConfigResource.EveryBroker).ContainsKey(MinInSyncReplicasName)
            ? new ConfigRecord
            {
                ResourceType = (sbyte)ConfigResourceType.Broker, ResourceName = "", Name = MinInSyncReplicasName, Value = $"{MinInSyncReplicas}",
            }
            : null;
}
