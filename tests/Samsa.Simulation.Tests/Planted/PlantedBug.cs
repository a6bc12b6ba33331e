namespace Samsa.Simulation.Tests.Planted;

/// <summary>A bug that somebody could make: a change of the source, which the simulator has to notice.</summary>
/// <param name="Name">What is wrong then.</param>
/// <param name="Project">Whose source, e.g. <c>Core</c>.</param>
/// <param name="File">The file within the project.</param>
/// <param name="Code">What stands there, once.</param>
/// <param name="Instead">What stands there with the bug; <c>PLANTED</c> is whether this bug is wanted in this run.</param>
/// <param name="Seed">A seed that finds it.</param>
public sealed record PlantedBug(string Name, string Project, string File, string Code, string Instead, int Seed)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new(
            "A batch that was written before is written again",
            "Storage",
            "ProducerStates.cs",
            "if (origin == AppendOrigin.Client)\n        {\n            duplicate",
            "if (origin == AppendOrigin.Client && !PLANTED)\n        {\n            duplicate",
            Seed: 2),
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
