namespace Samsa.Broker.Configuration;

/// <summary>Streams groups (KIP-1071).</summary>
public static class StreamsGroupConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>group.streams.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> AssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.streams.assignment.interval.ms", 1000)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Minimum spacing between streams group assignment computations.",
    });

    /// <summary><c>group.streams.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> HeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.streams.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Default heartbeat period for streams group members.",
    });

    /// <summary><c>group.streams.initial.rebalance.delay.ms</c></summary>
    public static readonly ConfigKey<int> InitialRebalanceDelayMs = Table.Add(new ConfigKey<int>("group.streams.initial.rebalance.delay.ms", 3000)
    {
        Min = 0,
        Doc = "Wait for more members before the first streams assignment.",
    });

    /// <summary><c>group.streams.max.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> MaxAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.streams.max.assignment.interval.ms", 15_000)
    {
        Min = 0,
        Doc = "Largest assignment interval a streams group may configure.",
    });

    /// <summary><c>group.streams.max.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> MaxHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.streams.max.heartbeat.interval.ms", 15_000)
    {
        Min = 1,
        Doc = "Largest heartbeat period a streams group may configure.",
    });

    /// <summary><c>group.streams.max.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MaxSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.streams.max.session.timeout.ms", 60_000)
    {
        Min = 1,
        Doc = "Largest session timeout a streams group may configure.",
    });

    /// <summary><c>group.streams.max.size</c></summary>
    public static readonly ConfigKey<int> MaxSize = Table.Add(new ConfigKey<int>("group.streams.max.size", int.MaxValue)
    {
        Min = 1,
        Doc = "Maximum members in one streams group.",
    });

    /// <summary><c>group.streams.max.standby.replicas</c></summary>
    public static readonly ConfigKey<int> MaxStandbyReplicas = Table.Add(new ConfigKey<int>("group.streams.max.standby.replicas", 2)
    {
        Min = 0,
        Doc = "Largest standby count a streams group may configure.",
    });

    /// <summary><c>group.streams.min.assignment.interval.ms</c></summary>
    public static readonly ConfigKey<int> MinAssignmentIntervalMs = Table.Add(new ConfigKey<int>("group.streams.min.assignment.interval.ms", 0)
    {
        Min = 0,
        Doc = "Smallest assignment interval a streams group may configure.",
    });

    /// <summary><c>group.streams.min.heartbeat.interval.ms</c></summary>
    public static readonly ConfigKey<int> MinHeartbeatIntervalMs = Table.Add(new ConfigKey<int>("group.streams.min.heartbeat.interval.ms", 5000)
    {
        Min = 1,
        Doc = "Smallest heartbeat period a streams group may configure.",
    });

    /// <summary><c>group.streams.min.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> MinSessionTimeoutMs = Table.Add(new ConfigKey<int>("group.streams.min.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Smallest session timeout a streams group may configure.",
    });

    /// <summary><c>group.streams.num.standby.replicas</c></summary>
    public static readonly ConfigKey<int> NumStandbyReplicas = Table.Add(new ConfigKey<int>("group.streams.num.standby.replicas", 0)
    {
        Min = 0,
        Doc = "Default standby task replicas for streams groups.",
    });

    /// <summary><c>group.streams.session.timeout.ms</c></summary>
    public static readonly ConfigKey<int> SessionTimeoutMs = Table.Add(new ConfigKey<int>("group.streams.session.timeout.ms", 45_000)
    {
        Min = 1,
        Doc = "Default session timeout for streams group members.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
