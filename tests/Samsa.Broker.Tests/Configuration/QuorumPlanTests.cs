using Samsa.Broker.Configuration;

namespace Samsa.Broker.Tests.Configuration;

public sealed class QuorumPlanTests
{
    private const string Voters = "controller.quorum.voters=1@localhost:9093,2@127.0.0.1:9193,3@[::1]:9293";
    private const string Names = "controller.listener.names=CONTROLLER";
    private const string Both = "listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093";

    [Fact]
    public void Nothing_given_means_a_cluster_of_one()
    {
        var plan = Load().Quorum;
        Assert.True(plan is { IsBroker: true, IsController: true, IsQuorum: false });
        Assert.Empty(plan.Voters);
    }

    [Fact]
    public void Voters_and_listeners_of_a_combined_node_are_read()
    {
        var config = Load(Voters, Names, Both, "node.id=2");
        Assert.Equal(["1@localhost:9093", "2@127.0.0.1:9193", "3@[::1]:9293"], config.Quorum.Voters.Select(v => v.ToString()));
        Assert.True(config.Quorum.IsQuorum);
        Assert.Equal("CONTROLLER://localhost:9093", Assert.Single(config.ControllerListeners).ToString());
        Assert.Equal("PLAINTEXT://localhost:9092", Assert.Single(config.BrokerListeners).ToString());
        Assert.Equal(config.BrokerListeners, config.AdvertisedListeners);
    }

    [Fact]
    public void A_broker_needs_no_more_than_somebody_to_ask()
    {
        var plan = Load("process.roles=broker", "controller.quorum.bootstrap.servers=a:1,[::1]:2", Names).Quorum;
        Assert.Equal([("a", 1), ("::1", 2)], plan.Servers);
        Assert.False(plan.IsController);
    }

    [Theory]
    [InlineData("process.roles", "needs controller.quorum.voters", "process.roles=broker", Names)]
    [InlineData("controller.quorum.voters", "must name this controller", Voters, Names, Both, "node.id=4")]
    [InlineData("process.roles", "must have controller", Voters, Names, "process.roles=broker")]
    [InlineData("controller.quorum.voters", "must look like", "controller.quorum.voters=1@localhost:9093,here", Names, Both)]
    [InlineData("controller.quorum.voters", "occurs twice", "controller.quorum.voters=1@localhost:9093,1@localhost:9094", Names, Both)]
    [InlineData("controller.listener.names", "must be set", "process.roles=controller")]
    [InlineData("listeners", "a controller needs a listener called CONTROLLER", Voters, Names)]
    [InlineData("listeners", "is a broker's listener", "process.roles=controller", Names, Both)]
    [InlineData("listeners", "is a controller's listener", "process.roles=broker", Names, Both, "controller.quorum.bootstrap.servers=a:1")]
    [InlineData("listeners", "a broker needs a listener", Voters, Names, "listeners=CONTROLLER://localhost:9093")]
    public void What_does_not_fit_together_is_named(string setting, string problem, params string[] settings)
    {
        var errors = Assert.Throws<ConfigException>(() => Load(settings)).Errors;
        Assert.Contains(errors, e => e.Name == setting && e.Problem.Contains(problem, StringComparison.Ordinal));
    }

    private static BrokerConfig Load(params string[] set) => BrokerConfig.Load(new BrokerConfigSources { Set = set });
}
