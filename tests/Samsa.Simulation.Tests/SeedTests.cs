using System.Security.Cryptography;

namespace Samsa.Simulation.Tests;

/// <summary>The simulator over seeds: those that once found something, and some that nobody has seen.</summary>
public sealed class SeedTests
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(20);

    /// <summary>Seeds that found something in a cluster, and how many seconds it takes; docs/reliability.md says what.</summary>
    public static TheoryData<int, int> OfThreeBrokers { get; } = new()
    {
        { 7, 60 }, { 34, 60 }, { 43, 60 }, { 45, 60 }, { 53, 60 }, { 113, 60 }, { 141, 60 }, { 150, 60 },
        { 200281, 45 }, { 200401, 45 }, { 200453, 45 },
    };

    /// <summary>Seeds that found something where one broker is the whole cluster.</summary>
    public static TheoryData<int> OfOneBroker { get; } = [1, 2, 3, 4, 5, 6, 155413231, 622617207];

    [Theory]
    [MemberData(nameof(OfThreeBrokers))]
    public void Every_rule_holds_with_three_brokers(int seed, int seconds) => Holds(seed, TimeSpan.FromSeconds(seconds), brokers: 3);

    [Theory]
    [MemberData(nameof(OfOneBroker))]
    public void Every_rule_holds_with_one_broker(int seed) => Holds(seed, s_time, brokers: 1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    public void Every_rule_holds_for_a_group_of_the_new_protocol(int seed, int brokers) => Holds(seed, s_time, brokers, newProtocol: true);

    [Fact]
    public void Every_rule_holds_for_seeds_nobody_has_seen()
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var run = 0; TimeProvider.System.GetElapsedTime(started) < s_fresh; run++)
        {
            // Mostly three; a broker alone is quickly done.
            Holds(RandomNumberGenerator.GetInt32(int.MaxValue), s_time, brokers: run % 4 == 3 ? 1 : 3, newProtocol: run % 3 == 1);
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

    private static void Holds(int seed, TimeSpan time, int brokers, bool newProtocol = false)
    {
        var result = Scenario.Run(ScenarioOptions.Of(seed, time) with { Brokers = brokers, NewProtocol = newProtocol }, null);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Failure is null, $"./test --simulate --seed {seed} --minutes {time.TotalMinutes} --brokers {brokers}{(newProtocol ? " --new-protocol" : "")}\n{result}\n{result.Failure?.Message}");
    }
}
