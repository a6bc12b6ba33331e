namespace Samsa.Simulation.Tests.Planted;

/// <summary>A bug that somebody could make: a change of the source, which the simulator has to notice.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="Project">Whose source, e.g. <c>Core</c>.</param>
/// <param name="File">The file within the project.</param>
/// <param name="Code">What stands there, once.</param>
/// <param name="Instead">What stands there with the bug; <c>PLANTED</c> is whether this bug is wanted in this run.</param>
/// <param name="Rule">The rule that it breaks; one found by another is found by chance.</param>
/// <param name="Seed">A seed that finds it.</param>
/// <param name="Brokers">How many brokers that takes.</param>
/// <param name="NewProtocol">Whether it takes a group of the new protocol.</param>
public sealed record PlantedBug(string Name, string Project, string File, string Code, string Instead, string Rule, int Seed, int Brokers, bool NewProtocol = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } = [.. OfOneBroker(), .. OfReplicas(), .. OfAnswers(), .. OfTheCluster()];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static IEnumerable<PlantedBug> OfOneBroker() =>
    [
        new(
            "a batch that was written before is not known again",
            "Storage",
            "ProducerStates.cs",
            "if (origin == AppendOrigin.Client)\n        {\n            duplicate",
            "if (origin == AppendOrigin.Client && !PLANTED)\n        {\n            duplicate",
            Rule: "idempotence",
            Seed: 8,
            Brokers: 1),
        new(
            "a batch is written though one before it is missing",
            "Storage",
            "ProducerStates.cs",
            "if (!IsInSequence(producer, header))",
            "if (!IsInSequence(producer, header) && !PLANTED)",
            Rule: "order",
            Seed: 2,
            Brokers: 1),
        new(
            "what was not synced is acknowledged",
            "Storage",
            "LogFlusher.cs",
            "segment.Sync(isActive: index == work.Segments.Length - 1);",
            "if (!PLANTED) { segment.Sync(isActive: index == work.Segments.Length - 1); }",
            Rule: "acknowledged",
            Seed: 1,
            Brokers: 1),
        new(
            "the marker of a clean shutdown is left in place",
            "Storage",
            "LogDirs/StoreRecovery.cs",
            "directory.Files.DeleteFile(marker);",
            "if (!PLANTED) { directory.Files.DeleteFile(marker); }",
            Rule: "acknowledged",
            Seed: 1,
            Brokers: 1),
    ];

    private static IEnumerable<PlantedBug> OfReplicas() =>
    [
        new(
            "a follower cuts its log back to its high watermark",
            "Core",
            "Replication/FollowerReplica.cs",
            "log.End > log.Start && !log.LastEpoch.IsKnown ?",
            "log.End > log.Start && (PLANTED || !log.LastEpoch.IsKnown) ?",
            Rule: "electable",
            Seed: 1,
            Brokers: 3),
        new(
            "a follower is not told that its history is another",
            "Broker",
            "Fetching/PartitionReader.cs",
            "if (target.LastFetchedEpoch.IsKnown && Diverging",
            "if (!PLANTED && target.LastFetchedEpoch.IsKnown && Diverging",
            Rule: "replicas",
            Seed: 9,
            Brokers: 3),
        new(
            "a replica that is about to be in sync does not count yet",
            "Core",
            "Replication/LeaderReplica.cs",
            "if (follower.IsInSync || follower.IsJoining || IsAboutToJoin(follower))",
            "if (follower.IsInSync || (!PLANTED && (follower.IsJoining || IsAboutToJoin(follower))))",
            Rule: "electable",
            Seed: 13,
            Brokers: 3),
        new(
            "a replica that lacks committed records joins those in sync",
            "Core",
            "Replication/LeaderReplica.cs",
            "&& progress.LogEndOffset >= HighWatermark\n",
            "&& (PLANTED || progress.LogEndOffset >= HighWatermark)\n",
            Rule: "electable",
            Seed: 7,
            Brokers: 3),
    ];

    private static IEnumerable<PlantedBug> OfAnswers() =>
    [
        new(
            "fewer in sync than min.insync.replicas will do",
            "Core",
            "Replication/LeaderReplica.cs",
            "public bool HasEnoughInSync => InSyncCount >= Needed;",
            "public bool HasEnoughInSync => PLANTED || InSyncCount >= Needed;",
            Rule: "acknowledged",
            Seed: 1,
            Brokers: 3),
        new(
            "what only the leader has is acknowledged",
            "Broker",
            "Partitions/Partition.Leading.cs",
            "if (leader.HighWatermark >= end)",
            "if (leader.HighWatermark >= end || PLANTED)",
            Rule: "acknowledged",
            Seed: 1,
            Brokers: 3),
        new(
            "consumers read above the high watermark",
            "Broker",
            "Fetching/PartitionReader.cs",
            "var upTo = caller.IsFollower ?",
            "var upTo = caller.IsFollower || PLANTED ?",
            Rule: "read",
            Seed: 1,
            Brokers: 3),
        new(
            "a group's answers do not wait for its records to be committed",
            "Broker",
            "Coordinators/GroupShardHost.cs",
            "replies = Take(effects);\n",
            "replies = Take(effects);\n            if (PLANTED) { Complete(replies); }\n",
            Rule: "commits",
            Seed: 2,
            Brokers: 3),
    ];

    private static IEnumerable<PlantedBug> OfTheCluster() =>
    [
        new(
            "a member is given a partition before another one has given it up",
            "Core",
            "Groups/Consumer/MemberReconciliation.cs",
            "if (isFree(partition))",
            "if (isFree(partition) || PLANTED)",
            Rule: "group",
            Seed: 2,
            Brokers: 3,
            NewProtocol: true),
        new(
            "a replica that is not in sync is elected",
            "Core",
            "Metadata/PartitionAlteration.cs",
            "(Isr.Length > 0 ? Isr.Contains(broker)",
            "(PLANTED ? true : Isr.Length > 0 ? Isr.Contains(broker)",
            Rule: "in sync",
            Seed: 2,
            Brokers: 3),
        new(
            "a fenced replica stays in sync",
            "Core",
            "Metadata/Electorate.cs",
            "Isr = Array.FindAll(partition.InSyncReplicas, b => !Leaves(partition, b)),",
            "Isr = PLANTED ? partition.InSyncReplicas : Array.FindAll(partition.InSyncReplicas, b => !Leaves(partition, b)),",
            Rule: "fenced",
            Seed: 1,
            Brokers: 3),
    ];
}
