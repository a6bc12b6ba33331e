namespace Samsa.Broker.Configuration;

/// <summary>What a node is in its cluster, and where controllers are: settings that have to fit together.</summary>
/// <param name="IsBroker">Whether <c>process.roles</c> has broker.</param>
/// <param name="IsController">Whether <c>process.roles</c> has controller.</param>
/// <param name="Voters"><c>controller.quorum.voters</c>; empty where the node is a cluster by itself.</param>
/// <param name="Servers"><c>controller.quorum.bootstrap.servers</c>.</param>
public sealed record QuorumPlan(
    bool IsBroker, bool IsController, IReadOnlyList<QuorumVoter> Voters, IReadOnlyList<(string Host, int Port)> Servers)
{
    private const string Broker = "broker";
    private const string Controller = "controller";

    /// <summary>Whether the metadata log is agreed on with others.</summary>
    public bool IsQuorum => Voters.Count > 1;

    /// <summary>Reads the settings, those that cannot be read left out.</summary>
    internal static QuorumPlan Read(BrokerConfig config)
    {
        var roles = config.Get(NodeConfigs.ProcessRoles);
        var voters = new List<QuorumVoter>();
        foreach (var text in config.Get(MetadataConfigs.ControllerQuorumVoters))
        {
            if (QuorumVoter.TryParse(text, out var voter))
            {
                voters.Add(voter);
            }
        }

        var servers = new List<(string, int)>();
        foreach (var text in config.Get(MetadataConfigs.ControllerQuorumBootstrapServers))
        {
            if (QuorumVoter.TryParseAddress(text, out var host, out var port))
            {
                servers.Add((host, port));
            }
        }

        return new QuorumPlan(roles.Contains(Broker, StringComparer.Ordinal), roles.Contains(Controller, StringComparer.Ordinal), voters, servers);
    }

    /// <summary>What does not fit together.</summary>
    internal static IEnumerable<ConfigError> FindErrors(BrokerConfig config)
    {
        var plan = config.Quorum;
        var controllers = config.Get(ListenerConfigs.ControllerListenerNames);
        foreach (var text in config.Get(MetadataConfigs.ControllerQuorumVoters).Where(t => !QuorumVoter.TryParse(t, out _)))
        {
            yield return Error(config, MetadataConfigs.ControllerQuorumVoters, $"'{text}' must look like 1@host:9093");
        }

        foreach (var text in config.Get(MetadataConfigs.ControllerQuorumBootstrapServers).Where(t => !QuorumVoter.TryParseAddress(t, out _, out _)))
        {
            yield return Error(config, MetadataConfigs.ControllerQuorumBootstrapServers, $"'{text}' must look like host:9093");
        }

        if (plan.Voters.GroupBy(v => v.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            yield return Error(config, MetadataConfigs.ControllerQuorumVoters, $"{twice.Key} occurs twice");
        }

        var isVoter = plan.Voters.Any(v => v.Id == config.NodeId);
        if (plan.IsController && plan.Voters.Count > 0 && !isVoter)
        {
            yield return Error(config, MetadataConfigs.ControllerQuorumVoters, $"must name this controller, node.id {config.NodeId}");
        }

        if (!plan.IsController && isVoter)
        {
            yield return Error(config, NodeConfigs.ProcessRoles, $"must have controller, because controller.quorum.voters names this node ({config.NodeId})");
        }

        if (!plan.IsController && plan.Voters.Count == 0 && plan.Servers.Count == 0)
        {
            yield return Error(config, NodeConfigs.ProcessRoles, "a broker without the controller's role needs controller.quorum.voters or controller.quorum.bootstrap.servers");
        }

        foreach (var error in FindListenerErrors(config, plan, controllers))
        {
            yield return error;
        }
    }

    private static IEnumerable<ConfigError> FindListenerErrors(BrokerConfig config, QuorumPlan plan, IReadOnlyList<string> controllers)
    {
        bool IsControllers(ListenerAddress listener) => controllers.Contains(listener.Name, StringComparer.OrdinalIgnoreCase);
        if (controllers.Count == 0 && (plan.Voters.Count > 0 || !plan.IsBroker || !plan.IsController))
        {
            yield return Error(config, ListenerConfigs.ControllerListenerNames, "must be set in a cluster of several nodes, usually to CONTROLLER");
        }
        else if (plan.IsController && controllers.Count > 0 && !config.Listeners.Any(IsControllers))
        {
            yield return Error(config, ListenerConfigs.Listeners, $"a controller needs a listener called {controllers[0]}, such as {controllers[0]}://localhost:9093");
        }

        if (!plan.IsController && config.Listeners.FirstOrDefault(IsControllers) is { } superfluous)
        {
            yield return Error(config, ListenerConfigs.Listeners, $"{superfluous} is a controller's listener, and this node is none (process.roles)");
        }

        if (plan.IsBroker && config.Listeners.Count > 0 && config.Listeners.All(IsControllers))
        {
            yield return Error(config, ListenerConfigs.Listeners, "a broker needs a listener that is not a controller's, such as PLAINTEXT://localhost:9092");
        }

        if (!plan.IsBroker && controllers.Count > 0 && config.Listeners.FirstOrDefault(l => !IsControllers(l)) is { } stray)
        {
            yield return Error(config, ListenerConfigs.Listeners, $"{stray} is a broker's listener, and this node is none (process.roles)");
        }
    }

    private static ConfigError Error(BrokerConfig config, ConfigKey key, string problem) =>
        new(key.Name, ConfigText.Format(config.GetValue(key)), config.OriginOf(key), problem, "", null);
}
