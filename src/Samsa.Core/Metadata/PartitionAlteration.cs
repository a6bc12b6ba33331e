using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// One change of a partition in the making: what is wished for (ISR, replicas) goes in, and out comes the record with all
/// that follows from it: a reassignment that is complete, a leader, who stays eligible (KIP-966), a new leader epoch.
/// </summary>
internal sealed class PartitionAlteration(Electorate electorate, TopicImage topic, PartitionImage old, TopicRules rules)
{
    private bool _isUnclean;

    /// <summary>Who shall be in sync.</summary>
    public BrokerId[] Isr { get; set; } = old.InSyncReplicas;

    /// <summary>Who shall hold it.</summary>
    public BrokerId[] Replicas { get; set; } = old.Replicas;

    /// <summary>Which of them are new.</summary>
    public BrokerId[] Adding { get; set; } = old.AddingReplicas;

    /// <summary>Which of them shall go.</summary>
    public BrokerId[] Removing { get; set; } = old.RemovingReplicas;

    /// <summary>Whether the leader has recovered from an unclean election.</summary>
    public LeaderRecoveryState RecoveryState { get; set; } = old.LeaderRecoveryState;

    /// <summary>In which directory each of <see cref="Replicas"/> lies; null: where it is known to be.</summary>
    public Guid[]? Directories { get; set; }

    /// <summary>How a leader is chosen.</summary>
    public ElectionKind Election { get; set; } = rules.AllowsUncleanElection ? ElectionKind.Unclean : ElectionKind.Online;

    /// <summary>The record, or null where nothing changes.</summary>
    public PartitionChangeRecord? Build()
    {
        CompleteReassignment();
        var elr = NextElr();
        var leader = Elect(elr);
        if (leader != old.Leader && leader != BrokerId.None)
        {
            if (_isUnclean)
            {
                // Whoever else was in sync may have what the new leader lacks; the new leader is right from now on.
                (Isr, elr, RecoveryState) = ([leader], [], LeaderRecoveryState.Recovering);
            }
            else if (elr.Contains(leader))
            {
                (Isr, elr) = ([leader], Array.FindAll(elr, b => b != leader));
            }
        }

        var record = new PartitionChangeRecord
        {
            TopicId = topic.Id,
            PartitionId = old.Partition,
            // Whoever is no longer a replica must not be taken for one by this leader: an epoch of its own.
            Leader = leader != old.Leader || old.Replicas.Except(Replicas).Any() ? leader : PartitionChange.SameLeader,
            // Without ELR the last member stays, or nobody would be known to hold what was committed.
            Isr = Isr.Length > 0 || electorate.KeepsElr ? ChangeOf(Isr, old.InSyncReplicas) : null,
            Replicas = ChangeOf(Replicas, old.Replicas),
            AddingReplicas = ChangeOf(Adding, old.AddingReplicas),
            RemovingReplicas = ChangeOf(Removing, old.RemovingReplicas),
            EligibleLeaderReplicas = ChangeOf(elr, old.EligibleLeaderReplicas),
            LastKnownElr = ChangeOf(NextLastKnown(leader), old.LastKnownElr),
            LeaderRecoveryState = RecoveryState == old.LeaderRecoveryState ? PartitionChange.SameRecoveryState : (sbyte)RecoveryState,
        };
        record.Directories = Directories ?? (record.Replicas is null ? null : Array.ConvertAll(Replicas, DirectoryOf));
        return ChangesNothing(record) ? null : record;
    }

    private static BrokerId[]? ChangeOf(BrokerId[] now, BrokerId[] before) => now.AsSpan().SequenceEqual(before) ? null : now;

    private static bool ChangesNothing(PartitionChangeRecord record) =>
        record is { Isr: null, Replicas: null, AddingReplicas: null, RemovingReplicas: null, EligibleLeaderReplicas: null, LastKnownElr: null, Directories: null }
        && record.Leader == PartitionChange.SameLeader
        && record.LeaderRecoveryState == PartitionChange.SameRecoveryState;

    private Guid DirectoryOf(BrokerId replica) => old.Replicas.Contains(replica)
        ? old.DirectoryOf(replica)
        : electorate.Image.Brokers.GetValueOrDefault(replica)?.DirectoryOfNewReplica ?? DirectoryId.Unassigned;

    // KIP-455: done when all that come are in sync, and somebody who stays is.
    private void CompleteReassignment()
    {
        if ((Adding.Length == 0 && Removing.Length == 0) || Adding.Except(Isr).Any())
        {
            return;
        }

        var staying = Array.FindAll(Isr, b => !Removing.Contains(b));
        if (staying.Length > 0)
        {
            Replicas = Array.FindAll(Replicas, b => !Removing.Contains(b));
            (Isr, Adding, Removing) = (staying, [], []);
        }
    }

    // Whoever leaves an ISR that is below its minimum holds everything committed: nothing is acknowledged without it.
    private BrokerId[] NextElr()
    {
        if (!electorate.KeepsElr || Isr.Length >= Math.Min(rules.MinInSyncReplicas, Replicas.Length))
        {
            return [];
        }

        return
        [
            .. old.EligibleLeaderReplicas.Union(old.InSyncReplicas).Where(b =>
                !Isr.Contains(b) && Replicas.Contains(b) && !(electorate.LeavingIsUnclean && electorate.Leaves(old, b))),
        ];
    }

    private BrokerId[] NextLastKnown(BrokerId leader)
    {
        if (!electorate.KeepsElr || leader != BrokerId.None)
        {
            return [];
        }

        return Isr.Length == 0 && old.Leader != BrokerId.None ? [old.Leader] : old.LastKnownElr;
    }

    private BrokerId Elect(BrokerId[] elr)
    {
        bool IsValid(BrokerId broker) =>
            (Isr.Length > 0 ? Isr.Contains(broker) : elr.Contains(broker)) && Replicas.Contains(broker) && electorate.MayLead(old, broker);

        if (Election == ElectionKind.Preferred && IsValid(Replicas[0]))
        {
            return Replicas[0];
        }

        if (IsValid(old.Leader))
        {
            return old.Leader;
        }

        if (First(IsValid) is var elected && elected != BrokerId.None)
        {
            return elected;
        }

        _isUnclean = true;
        if (electorate.KeepsElr && Isr.Length == 0 && elr.Length == 0 && old.LastKnownElr is [var last]
            && Replicas.Contains(last) && electorate.MayLead(old, last))
        {
            return last;
        }

        return Election == ElectionKind.Unclean ? First(b => electorate.MayLead(old, b)) : BrokerId.None;
    }

    private BrokerId First(Predicate<BrokerId> condition)
    {
        foreach (var broker in Replicas)
        {
            if (condition(broker))
            {
                return broker;
            }
        }

        return BrokerId.None;
    }
}

/// <summary>Ways of choosing a leader.</summary>
internal enum ElectionKind
{
    /// <summary>Whoever leads goes on; else somebody in sync, or eligible where nobody is.</summary>
    Online,

    /// <summary>The first replica if it can; else as <see cref="Online"/>.</summary>
    Preferred,

    /// <summary>As <see cref="Online"/>; where nobody can, any replica that lives, and what it lacks is lost.</summary>
    Unclean,
}
