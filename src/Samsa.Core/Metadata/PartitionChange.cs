using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>What a <c>PartitionChangeRecord</c> does to a partition; every replica of the metadata log does the same.</summary>
internal static class PartitionChange
{
    /// <summary>"The recovery state stays".</summary>
    public const sbyte SameRecoveryState = -1;

    /// <summary>"The leader stays": -2. Any other value, also the same leader again, begins a new leader epoch.</summary>
    public static BrokerId SameLeader => new(-2);

    /// <summary>The partition that a record creates.</summary>
    public static PartitionImage Created(PartitionRecord record) => new(
        record.PartitionId, record.Replicas, record.Isr, record.Leader, record.LeaderEpoch, record.PartitionEpoch)
    {
        AddingReplicas = record.AddingReplicas,
        RemovingReplicas = record.RemovingReplicas,
        EligibleLeaderReplicas = record.EligibleLeaderReplicas ?? [],
        LastKnownElr = record.LastKnownElr ?? [],
        LeaderRecoveryState = (LeaderRecoveryState)record.LeaderRecoveryState,
        Directories = record.Directories.Length == record.Replicas.Length ? record.Directories : new Guid[record.Replicas.Length],
    };

    /// <summary>The partition after a change.</summary>
    public static PartitionImage Apply(PartitionChangeRecord record, PartitionImage old)
    {
        var replicas = record.Replicas ?? old.Replicas;
        var leaderChanges = record.Leader != SameLeader;
        return old with
        {
            Replicas = replicas,
            InSyncReplicas = record.Isr ?? old.InSyncReplicas,
            Leader = leaderChanges ? record.Leader : old.Leader,
            LeaderEpoch = leaderChanges ? new LeaderEpoch(old.LeaderEpoch.Value + 1) : old.LeaderEpoch,
            PartitionEpoch = old.PartitionEpoch + 1,
            AddingReplicas = record.AddingReplicas ?? old.AddingReplicas,
            RemovingReplicas = record.RemovingReplicas ?? old.RemovingReplicas,
            EligibleLeaderReplicas = record.EligibleLeaderReplicas ?? old.EligibleLeaderReplicas,
            LastKnownElr = record.LastKnownElr ?? old.LastKnownElr,
            LeaderRecoveryState = record.LeaderRecoveryState == SameRecoveryState
                ? old.LeaderRecoveryState
                : (LeaderRecoveryState)record.LeaderRecoveryState,
            Directories = record.Directories is { } told && told.Length == replicas.Length ? told
                : record.Replicas is null ? old.Directories
                : [.. replicas.Select(old.DirectoryOf)],
        };
    }

    /// <summary>The partition as one record that creates it.</summary>
    public static PartitionRecord RecordOf(TopicId topic, PartitionImage p) => new()
    {
        PartitionId = p.Partition,
        TopicId = topic,
        Replicas = p.Replicas,
        Isr = p.InSyncReplicas,
        AddingReplicas = p.AddingReplicas,
        RemovingReplicas = p.RemovingReplicas,
        EligibleLeaderReplicas = p.EligibleLeaderReplicas.Length > 0 ? p.EligibleLeaderReplicas : null,
        LastKnownElr = p.LastKnownElr.Length > 0 ? p.LastKnownElr : null,
        LeaderRecoveryState = (sbyte)p.LeaderRecoveryState,
        Leader = p.Leader,
        LeaderEpoch = p.LeaderEpoch,
        PartitionEpoch = p.PartitionEpoch,
        Directories = p.Directories,
    };
}

/// <summary>Values of a <c>BrokerRegistrationChangeRecord</c>; 0 stands for "as before".</summary>
internal static class BrokerChange
{
    /// <summary>The broker becomes fenced.</summary>
    public const sbyte Fence = 1;

    /// <summary>The broker becomes unfenced.</summary>
    public const sbyte Unfence = -1;

    /// <summary>The broker begins its controlled shutdown; only a new registration ends it.</summary>
    public const sbyte ShutDown = 1;
}
