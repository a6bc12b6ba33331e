namespace Samsa.Simulation.Tests.Planted;

/// <summary>A bug that somebody could make: a change of the source, which the simulator has to notice.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="Project">Whose source, e.g. <c>Core</c>.</param>
/// <param name="File">The file within the project.</param>
/// <param name="Code">What stands there, once.</param>
/// <param name="Instead">What stands there with the bug; <c>PLANTED</c> is whether this bug is wanted in this run.</param>
/// <param name="Seed">A seed that finds it.</param>
/// <param name="Brokers">How many brokers that takes.</param>
public sealed record PlantedBug(string Name, string Project, string File, string Code, string Instead, int Seed, int Brokers)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new(
            "a batch that was written before is written again",
            "Storage",
            "ProducerStates.cs",
            "if (origin == AppendOrigin.Client)\n        {\n            duplicate",
            "if (origin == AppendOrigin.Client && !PLANTED)\n        {\n            duplicate",
            Seed: 1,
            Brokers: 1),
        new(
            "a batch is written though one before it is missing",
            "Storage",
            "ProducerStates.cs",
            "if (!IsInSequence(producer, header))",
            "if (!IsInSequence(producer, header) && !PLANTED)",
            Seed: 2,
            Brokers: 1),
        new(
            "what was not synced is acknowledged",
            "Storage",
            "LogFlusher.cs",
            "segment.Sync(isActive: index == work.Segments.Length - 1);",
            "if (!PLANTED) { segment.Sync(isActive: index == work.Segments.Length - 1); }",
            Seed: 1,
            Brokers: 1),
        new(
            "the marker of a clean shutdown is left in place",
            "Storage",
            "LogDirs/StoreRecovery.cs",
            "directory.Files.DeleteFile(marker);",
            "if (!PLANTED) { directory.Files.DeleteFile(marker); }",
            Seed: 1,
            Brokers: 1),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
