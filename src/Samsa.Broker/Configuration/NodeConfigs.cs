namespace Samsa.Broker.Configuration;

/// <summary>Who this node is, and how it registers with the controller.</summary>
public static class NodeConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>authorizer.class.name</c></summary>
    public static readonly ConfigKey<string> AuthorizerClassName = Table.Add(new ConfigKey<string>("authorizer.class.name", "")
    {
        Importance = ConfigImportance.Low,
        Doc = "Authorizer implementation; empty means no authorization.",
    });

    /// <summary><c>broker.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> BrokerHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("broker.heartbeat.interval.ms", 2000)
    {
        Doc = "Period between broker heartbeats to the controller.",
    });

    /// <summary><c>broker.id</c></summary>
    public static readonly ConfigKey<int> BrokerId = Table.Add(new ConfigKey<int>("broker.id", -1)
    {
        Importance = ConfigImportance.High,
        Doc = "Legacy alias of node.id.",
    });

    /// <summary><c>broker.rack</c></summary>
    public static readonly ConfigKey<string?> BrokerRack = Table.Add(new ConfigKey<string?>("broker.rack", null)
    {
        Doc = "Rack label used for replica placement and follower fetching.",
    });

    /// <summary><c>broker.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> BrokerSessionTimeoutMs = Table.Add(new ConfigKey<int>("broker.session.timeout.ms", 9000)
    {
        Doc = "Time without heartbeat after which the controller fences a broker.",
    });

    /// <summary><c>cluster.id</c></summary>
    public static readonly ConfigKey<string?> ClusterId = Table.Add(new ConfigKey<string?>("cluster.id", null)
    {
        NonEmpty = true, Importance = ConfigImportance.High,
        Doc = "Id of the cluster this node is part of; data of another cluster is refused. All nodes of a cluster have the same one. "
            + "Not needed where the data directories were formatted, nor by a node that is a cluster by itself.",
    });

    /// <summary><c>controlled.shutdown.enable</c></summary>
    public static readonly ConfigKey<bool> ControlledShutdownEnable = Table.Add(new ConfigKey<bool>("controlled.shutdown.enable", true)
    {
        Doc = "Move leadership away before the broker stops.",
    });

    /// <summary><c>initial.broker.registration.timeout.ms</c></summary>
    public static readonly ConfigKey<int> InitialBrokerRegistrationTimeoutMs = Table.Add(new ConfigKey<int>("initial.broker.registration.timeout.ms", 60_000)
    {
        Doc = "Time to wait for first controller registration before exiting.",
    });

    /// <summary><c>node.id</c></summary>
    public static readonly ConfigKey<int> NodeId = Table.Add(new ConfigKey<int>("node.id", 1)
    {
        Min = 0, Importance = ConfigImportance.High,
        Doc = "Unique id of the node in its cluster.",
    });

    /// <summary><c>process.roles</c></summary>
    public static readonly ConfigKey<IReadOnlyList<string>> ProcessRoles = Table.Add(new ConfigKey<IReadOnlyList<string>>("process.roles", ["broker", "controller"])
    {
        Allowed = ["broker", "controller"], Importance = ConfigImportance.High,
        Doc = "Roles of the node: broker, controller or both.",
    });

    /// <summary><c>super.users</c></summary>
    public static readonly ConfigKey<string> SuperUsers = Table.Add(new ConfigKey<string>("super.users", "")
    {
        Doc = "Principals that may do everything, separated by semicolons: User:admin;User:ops.",
    });

    /// <summary><c>allow.everyone.if.no.acl.found</c></summary>
    public static readonly ConfigKey<bool> AllowEveryoneIfNoAclFound = Table.Add(new ConfigKey<bool>("allow.everyone.if.no.acl.found", false)
    {
        Doc = "Whether a resource that no ACL names is open to everyone.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
