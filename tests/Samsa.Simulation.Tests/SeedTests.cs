using System.Security.Cryptography;

namespace Samsa.Simulation.Tests;

/// <summary>The simulator over seeds: those that once found something, and some that nobody has seen.</summary>
public sealed class SeedTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(20);

    /// <summary>Seeds with something to tell; docs/reliability.md says what.</summary>
    public static TheoryData<int> Fixed { get; } = [1, 2, 3, 4, 5, 6, 155413231, 622617207];

    [Theory]
    [MemberData(nameof(Fixed))]
    public void Every_rule_holds(int seed) => Holds(seed, s_time);

    [Theory]
    [InlineData(34)]
    [InlineData(53)]
    [InlineData(113)]
    [InlineData(150)]
    public void Every_rule_holds_with_three_brokers(int seed) => Holds(seed, TimeSpan.FromMinutes(1), brokers: 3);

    [Fact]
    public void Every_rule_holds_for_seeds_nobody_has_seen()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < s_fresh)
        {
            Holds(RandomNumberGenerator.GetInt32(int.MaxValue), s_time);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void A_seed_gives_the_same_trace_byte_for_byte(int seed)
    {
        var options = ScenarioOptions.Of(seed, TimeSpan.FromSeconds(20));
        Assert.Equal(Scenario.Run(options, null).TraceHash, Scenario.Run(options, null).TraceHash);
    }

    private static void Holds(int seed, TimeSpan time, int brokers = 1)
    {
        var result = Scenario.Run(ScenarioOptions.Of(seed, time) with { Brokers = brokers }, null);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Failure is null, $"./test --simulate --seed {seed} --minutes {time.TotalMinutes} --brokers {brokers}\n{result}\n{result.Failure?.Message}");
    }
}
