using Samsa.Network;

namespace Samsa.Broker.Peers;

/// <summary>Connections to other nodes over a transport.</summary>
internal sealed class PeerNetwork(PeerNetworkOptions options) : IPeerNetwork
{
    /// <inheritdoc/>
    public IPeerChannel Open(PeerAddress address) => new PeerChannel(address, options);
}

/// <summary>How this node connects to others.</summary>
internal sealed record PeerNetworkOptions
{
    /// <summary>Sockets unless told otherwise.</summary>
    public ITransport Transport { get; init; } = SocketTransport.Default;

    /// <summary>What it calls itself, for example <c>broker-1</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>The clock of timeouts and of back-off.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The largest answer taken.</summary>
    public int MaxAnswerBytes { get; init; } = 104857600;

    /// <summary>How long a channel waits after its first failure before it connects again; doubled with every further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest such wait.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(1);
}
