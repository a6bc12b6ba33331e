namespace Samsa.Broker.Configuration;

/// <summary>Sockets, and the bounds that keep clients from exhausting the broker.</summary>
public static class NetworkConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>connection.failed.authentication.delay.ms</c></summary>
    public static readonly ConfigKey<int> ConnectionFailedAuthenticationDelayMs = Table.Add(new ConfigKey<int>("connection.failed.authentication.delay.ms", 100)
    {
        Min = 0, Importance = ConfigImportance.Low,
        Doc = "Delay before closing a connection whose authentication failed.",
    });

    /// <summary><c>connections.max.idle.ms</c></summary>
    public static readonly ConfigKey<long> ConnectionsMaxIdleMs = Table.Add(new ConfigKey<long>("connections.max.idle.ms", 600_000)
    {
        Doc = "Idle time after which a connection is closed.",
    });

    /// <summary><c>connections.max.reauth.ms</c></summary>
    public static readonly ConfigKey<long> ConnectionsMaxReauthMs = Table.Add(new ConfigKey<long>("connections.max.reauth.ms", 0)
    {
        Doc = "Session lifetime after which SASL clients must reauthenticate; 0 disables.",
    });

    /// <summary><c>max.connection.creation.rate</c></summary>
    public static readonly ConfigKey<int> MaxConnectionCreationRate = Table.Add(new ConfigKey<int>("max.connection.creation.rate", int.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "New connections per second allowed on the broker or listener.",
    });

    /// <summary><c>max.connections</c></summary>
    public static readonly ConfigKey<int> MaxConnections = Table.Add(new ConfigKey<int>("max.connections", int.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Open connections allowed on the broker or listener.",
    });

    /// <summary><c>max.connections.per.ip</c></summary>
    public static readonly ConfigKey<int> MaxConnectionsPerIp = Table.Add(new ConfigKey<int>("max.connections.per.ip", int.MaxValue)
    {
        Min = 0, Scope = ConfigScope.ClusterWide,
        Doc = "Open connections allowed from one address.",
    });

    /// <summary><c>max.connections.per.ip.overrides</c></summary>
    public static readonly ConfigKey<string> MaxConnectionsPerIpOverrides = Table.Add(new ConfigKey<string>("max.connections.per.ip.overrides", "")
    {
        Scope = ConfigScope.ClusterWide,
        Check = value => NetworkSettings.FindOverridesProblem((string)value), CheckDoc = "ADDRESS:COUNT,...",
        Doc = "Exceptions from max.connections.per.ip by address.",
    });

    /// <summary><c>queued.max.request.bytes</c></summary>
    public static readonly ConfigKey<long> QueuedMaxRequestBytes = Table.Add(new ConfigKey<long>("queued.max.request.bytes", -1)
    {
        Doc = "Bytes of queued requests before reading stops; -1 no limit.",
    });

    /// <summary><c>request.timeout.ms</c></summary>
    public static readonly ConfigKey<int> RequestTimeoutMs = Table.Add(new ConfigKey<int>("request.timeout.ms", 30_000)
    {
        Importance = ConfigImportance.High,
        Doc = "Timeout of requests the broker sends.",
    });

    /// <summary><c>socket.connection.setup.timeout.max.ms</c></summary>
    public static readonly ConfigKey<long> SocketConnectionSetupTimeoutMaxMs = Table.Add(new ConfigKey<long>("socket.connection.setup.timeout.max.ms", 30_000)
    {
        Doc = "Upper bound of connection setup timeout.",
    });

    /// <summary><c>socket.connection.setup.timeout.ms</c></summary>
    public static readonly ConfigKey<long> SocketConnectionSetupTimeoutMs = Table.Add(new ConfigKey<long>("socket.connection.setup.timeout.ms", 10_000)
    {
        Doc = "Initial connection setup timeout.",
    });

    /// <summary><c>socket.listen.backlog.size</c></summary>
    public static readonly ConfigKey<int> SocketListenBacklogSize = Table.Add(new ConfigKey<int>("socket.listen.backlog.size", 50)
    {
        Min = 1,
        Doc = "Pending connections the listen socket may queue.",
    });

    /// <summary><c>socket.receive.buffer.bytes</c></summary>
    public static readonly ConfigKey<int> SocketReceiveBufferBytes = Table.Add(new ConfigKey<int>("socket.receive.buffer.bytes", 102_400)
    {
        Importance = ConfigImportance.High,
        Doc = "Receive buffer of server sockets; -1, and where nothing is given, leaves it to the system.",
    });

    /// <summary><c>socket.request.max.bytes</c></summary>
    public static readonly ConfigKey<int> SocketRequestMaxBytes = Table.Add(new ConfigKey<int>("socket.request.max.bytes", 104_857_600)
    {
        Min = 1, Importance = ConfigImportance.High,
        Doc = "Largest request accepted.",
    });

    /// <summary><c>socket.send.buffer.bytes</c></summary>
    public static readonly ConfigKey<int> SocketSendBufferBytes = Table.Add(new ConfigKey<int>("socket.send.buffer.bytes", 102_400)
    {
        Importance = ConfigImportance.High,
        Doc = "Send buffer of server sockets; -1, and where nothing is given, leaves it to the system.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
