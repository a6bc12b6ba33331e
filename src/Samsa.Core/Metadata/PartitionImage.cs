using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>One partition as the metadata log describes it.</summary>
/// <param name="Partition">The index within the topic.</param>
/// <param name="Replicas">The brokers that hold it, the preferred leader first.</param>
/// <param name="InSyncReplicas">Those of them that are in sync; empty while only eligible leader replicas are left (KIP-966).</param>
/// <param name="Leader">The leader, or <see cref="BrokerId.None"/> while there is none.</param>
/// <param name="LeaderEpoch">Grows with each change of the leader.</param>
/// <param name="PartitionEpoch">Grows with each change of any of this.</param>
public sealed record PartitionImage(
    int Partition,
    BrokerId[] Replicas,
    BrokerId[] InSyncReplicas,
    BrokerId Leader,
    LeaderEpoch LeaderEpoch,
    int PartitionEpoch)
{
    /// <summary>Replicas that a reassignment under way adds (KIP-455); all of them are among <see cref="Replicas"/>.</summary>
    public BrokerId[] AddingReplicas { get; init; } = [];

    /// <summary>Replicas that go when the reassignment under way is done; until then they are among <see cref="Replicas"/>.</summary>
    public BrokerId[] RemovingReplicas { get; init; } = [];

    /// <summary>
    /// Replicas that left the ISR when it was already below <c>min.insync.replicas</c>: they hold everything committed,
    /// and may lead where no replica in sync can (KIP-966). None of them is in sync.
    /// </summary>
    public BrokerId[] EligibleLeaderReplicas { get; init; } = [];

    /// <summary>The last leader of a partition that has none and nobody eligible; at most one (KIP-966).</summary>
    public BrokerId[] LastKnownElr { get; init; } = [];

    /// <summary>Whether the leader was elected although it may lack committed records, and has not settled that yet (KIP-704).</summary>
    public LeaderRecoveryState LeaderRecoveryState { get; init; }

    /// <summary>
    /// In which log directory each of <see cref="Replicas"/> lies (KIP-858), in the same order; <see cref="DirectoryId"/>
    /// has the ids that stand for something else.
    /// </summary>
    public Guid[] Directories { get; init; } = Replicas.Length == 0 ? [] : new Guid[Replicas.Length];

    /// <summary>Whether it is being moved (KIP-455).</summary>
    public bool IsReassigning => AddingReplicas.Length > 0 || RemovingReplicas.Length > 0;

    /// <summary>Those of <see cref="Replicas"/> that cannot serve: their broker is gone or fenced, or their log directory failed.</summary>
    public BrokerId[] OfflineReplicas(MetadataImage image) => Array.FindAll(
        Replicas, r => !image.Brokers.TryGetValue(r, out var broker) || broker.Fenced || !broker.HasOnline(DirectoryOf(r)));

    /// <summary>The log directory of a replica; <see cref="DirectoryId.Unassigned"/> where the broker holds none.</summary>
    public Guid DirectoryOf(BrokerId replica)
    {
        var at = Array.IndexOf(Replicas, replica);
        return at < 0 ? DirectoryId.Unassigned : Directories[at];
    }
}

/// <summary>Where the leader of a partition stands after an unclean election (KIP-704); the numbers are the protocol's.</summary>
public enum LeaderRecoveryState : sbyte
{
    /// <summary>It was elected cleanly, or has recovered.</summary>
    Recovered = 0,

    /// <summary>It was elected from outside the ISR.</summary>
    Recovering = 1,
}

/// <summary>One topic as the metadata log describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, never used again once the topic is gone.</param>
/// <param name="Partitions">Its partitions, by index.</param>
public sealed record TopicImage(string Name, TopicId Id, IReadOnlyList<PartitionImage> Partitions);
