using System.Globalization;

namespace Samsa.Simulation.Tests.Planted;

/// <summary>A simulator that finds nothing proves nothing: bugs are planted, and each has to be found by the rule that forbids it.</summary>
public sealed class PlantedBugTests(PlantedBuild build) : IClassFixture<PlantedBuild>
{
    private const int MoreSeeds = 12;

    /// <summary>The bugs, by name.</summary>
    public static TheoryData<string> Bugs { get; } = [.. PlantedBug.All.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_seed_finds(string name)
    {
        var bug = PlantedBug.All.Single(b => b.Name == name);
        var tried = new List<string>();

        // Any change of the code deals the dice anew; then another seed may be the first to find it.
        foreach (var seed in Enumerable.Range(1, MoreSeeds).Prepend(bug.Seed))
        {
            var (holds, output) = build.Run(seed, bug);
            TestContext.Current.TestOutputHelper?.WriteLine(output);
            if (!holds && output.Contains(string.Create(CultureInfo.InvariantCulture, $"BROKEN: {bug.Rule}: "), StringComparison.Ordinal))
            {
                var (holdsOtherwise, without) = build.RunWithoutBug(seed, bug.Brokers, bug.NewProtocol);
                Assert.True(holdsOtherwise, without);
                return;
            }

            tried.Add(output);
        }

        Assert.Fail($"{name}: rule \"{bug.Rule}\" was not broken by {tried.Count} seeds\n{string.Join('\n', tried)}");
    }
}
