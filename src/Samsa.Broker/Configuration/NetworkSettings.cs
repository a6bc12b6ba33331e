using System.Globalization;
using System.Net;
using Samsa.Network;

namespace Samsa.Broker.Configuration;

/// <summary>What the listeners need of the settings.</summary>
public static class NetworkSettings
{
    /// <summary>The limits of the listeners.</summary>
    public static NetworkOptions ToNetworkOptions(this BrokerConfig config) => new()
    {
        SocketRequestMaxBytes = config.Get(NetworkConfigs.SocketRequestMaxBytes),
        ConnectionsMaxIdle = TimeSpan.FromMilliseconds(config.Get(NetworkConfigs.ConnectionsMaxIdleMs)),
        MaxConnections = config.Get(NetworkConfigs.MaxConnections),
        MaxConnectionCreationRate = config.Get(NetworkConfigs.MaxConnectionCreationRate),
        MaxConnectionsPerIp = config.Get(NetworkConfigs.MaxConnectionsPerIp),
        MaxConnectionsPerIpOverrides = ParseOverrides(config.Get(NetworkConfigs.MaxConnectionsPerIpOverrides)),
        QueuedMaxRequestBytes = config.Get(NetworkConfigs.QueuedMaxRequestBytes),
        MaxInFlightPerConnection = config.Get(SamsaConfigs.MaxInFlightPerConnection),
        MaxUnsentBytes = config.Get(SamsaConfigs.MaxUnsentBytesPerConnection),
    };

    /// <summary>How sockets are set up. Buffer sizes only where somebody chose them: the system's own tuning does better than Kafka's defaults.</summary>
    public static SocketTransportOptions ToSocketOptions(this BrokerConfig config) => new()
    {
        SendBufferBytes = config.IsGiven(NetworkConfigs.SocketSendBufferBytes) ? config.Get(NetworkConfigs.SocketSendBufferBytes) : -1,
        ReceiveBufferBytes = config.IsGiven(NetworkConfigs.SocketReceiveBufferBytes) ? config.Get(NetworkConfigs.SocketReceiveBufferBytes) : -1,
        ListenBacklog = config.Get(NetworkConfigs.SocketListenBacklogSize),
    };

    /// <summary>What is wrong with <c>max.connections.per.ip.overrides</c>, or null.</summary>
    internal static string? FindOverridesProblem(string text)
    {
        var bad = Array.Find(Split(text), e => ParseOverride(e) is null);
        return bad is null ? null : $"'{bad}' must look like 10.0.0.1:100";
    }

    private static Dictionary<IPAddress, int> ParseOverrides(string text) =>
        Split(text).Select(ParseOverride).OfType<KeyValuePair<IPAddress, int>>().ToDictionary();

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static KeyValuePair<IPAddress, int>? ParseOverride(string entry)
    {
        var colon = entry.LastIndexOf(':');
        return colon > 0
            && IPAddress.TryParse(entry.AsSpan(0, colon).Trim("[]"), out var address)
            && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? new(address, limit)
            : null;
    }
}
