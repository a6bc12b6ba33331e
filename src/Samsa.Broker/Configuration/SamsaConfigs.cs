namespace Samsa.Broker.Configuration;

/// <summary>Settings that Kafka doesn't have.</summary>
public static class SamsaConfigs
{
    private static readonly ConfigTable Table = new();

    /// <summary><c>samsa.flush.on.ack</c></summary>
    public static readonly ConfigKey<bool> FlushOnAck = Table.Add(new ConfigKey<bool>("samsa.flush.on.ack", false)
    {
        Scope = ConfigScope.ClusterWide, Importance = ConfigImportance.High,
        Doc = "Acknowledge a produce request only after its records are forced to disk, so that they survive power loss. "
            + "One sync is shared by all producers that wait. A topic may override it.",
    });

    /// <summary><c>samsa.admin.listener</c></summary>
    public static readonly ConfigKey<string> AdminListener = Table.Add(new ConfigKey<string>("samsa.admin.listener", "http://127.0.0.1:9644")
    {
        Check = value => AdminAddress.FindProblem((string)value), CheckDoc = "http://HOST:PORT, or empty",
        Doc = "Where /metrics, /health/live and /health/ready are served; the host * or + means every address. Empty turns it off.",
    });

    /// <summary><c>samsa.log.format</c></summary>
    public static readonly ConfigKey<string> LogFormat = Table.Add(new ConfigKey<string>("samsa.log.format", "text")
    {
        Allowed = ["text", "json"],
        Doc = "Form of the log on standard error: lines for people, or one JSON object a line for machines.",
    });

    /// <summary><c>samsa.log.level</c></summary>
    public static readonly ConfigKey<string> LogLevel = Table.Add(new ConfigKey<string>("samsa.log.level", "INFO")
    {
        Allowed = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], IgnoreCase = true, Scope = ConfigScope.ClusterWide,
        Doc = "Least severe log entries that are written.",
    });

    /// <summary><c>samsa.max.in.flight.per.connection</c></summary>
    public static readonly ConfigKey<int> MaxInFlightPerConnection = Table.Add(new ConfigKey<int>("samsa.max.in.flight.per.connection", 16)
    {
        Min = 1,
        Doc = "Requests of one connection that may wait for their answers; then nothing more is read from it.",
    });

    /// <summary><c>samsa.max.unsent.bytes.per.connection</c></summary>
    public static readonly ConfigKey<int> MaxUnsentBytesPerConnection = Table.Add(new ConfigKey<int>("samsa.max.unsent.bytes.per.connection", 1 << 20)
    {
        Min = 1,
        Doc = "Bytes of finished answers a connection may hold before its next request begins: what a client that never reads costs.",
    });

    /// <summary><c>samsa.max.unsent.fetch.bytes</c></summary>
    public static readonly ConfigKey<long> MaxUnsentFetchBytes = Table.Add(new ConfigKey<long>("samsa.max.unsent.fetch.bytes", 128L << 20)
    {
        Min = 0,
        Doc = "Bytes that large answers of all connections may hold together; beyond it a fetch gets one batch at a time. "
            + "What clients that fetch much and read little cost.",
    });

    /// <summary><c>samsa.quorum.port.offset</c></summary>
    public static readonly ConfigKey<int> QuorumPortOffset = Table.Add(new ConfigKey<int>("samsa.quorum.port.offset", 1000)
    {
        Min = 1, Max = 60_000,
        Doc = "Controllers agree on the metadata log over a port of their own: that of their controller listener in controller.quorum.voters plus this. "
            + "All voters need the same value.",
    });

    /// <summary><c>samsa.broker.return.ms</c></summary>
    public static readonly ConfigKey<int> BrokerReturnMs = Table.Add(new ConfigKey<int>("samsa.broker.return.ms", 500)
    {
        Min = 1,
        Doc = "When the connection breaks by which the active controller hears of a broker, as it does at once when a process dies, the broker "
            + "has this long to be back before it is fenced. Kafka waits for broker.session.timeout.ms, as this does from that value on.",
    });

    /// <summary>Every key of this file, in order.</summary>
    public static IReadOnlyList<ConfigKey> All => Table.Keys;
}
