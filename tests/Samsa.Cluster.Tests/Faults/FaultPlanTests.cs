namespace Samsa.Cluster.Tests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void A_plan_is_read_as_it_is_written()
    {
        FaultPlan plan = FaultPlan.Parse("kill leader 3; cut controller 12.5, restart each 0", 7);
        Assert.Equal("kill leader 3; cut controller 12.5, restart each 0;", plan.ToString());
        Assert.Equal(plan.Steps, FaultPlan.Parse(plan.ToString(), 7).Steps);
    }

    [Theory]
    [InlineData("kill everybody 3")]
    [InlineData("kill leader")]
    [InlineData("tickle leader 3;")]
    public void Unknown_words_are_refused(string text) => Assert.Throws<FormatException>(() => FaultPlan.Parse(text, 0));

    [Fact]
    public void The_same_seed_gives_the_same_plan()
    {
        FaultPlan plan = FaultPlan.Random(42, TimeSpan.FromMinutes(10), _ => true);
        Assert.Equal(plan.Steps, FaultPlan.Random(42, TimeSpan.FromMinutes(10), _ => true).Steps);
        Assert.NotEqual(plan.Steps, FaultPlan.Random(43, TimeSpan.FromMinutes(10), _ => true).Steps);
        Assert.Equal(plan.Steps, FaultPlan.Parse(plan.ToString(), 42).Steps);
    }

    [Fact]
    public void A_plan_has_only_what_the_machine_can_do()
    {
        FaultPlan plan = FaultPlan.Random(42, TimeSpan.FromHours(1), kind => kind is FaultKind.Kill or FaultKind.Pause);
        Assert.All(plan.Steps, s => Assert.True(s.Kind is FaultKind.Kill or FaultKind.Pause));
    }
}
