using System.Net;
using System.Net.Sockets;
using Samsa.Core.Metadata;
using Samsa.Model;
using Samsa.Network;

namespace Samsa.Broker.Metadata;

/// <summary>
/// What a controller does that becomes the active one, and so has heard of nobody yet: it connects to every broker that should be there.
/// Where that is refused, no process is: the one that was the active controller before, for example. Silence proves nothing.
/// </summary>
internal sealed class BrokerCall(MetadataController controller, MetadataState metadata, BrokerCallOptions options)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls all at once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(s_patience, options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        await Task.WhenAll(metadata.Image.Brokers.Values.Where(b => !b.Fenced && b.Id != options.Self).Select(b => CallAsync(b, limit.Token)));
    }

    private async Task CallAsync(BrokerImage broker, CancellationToken cancellationToken)
    {
        if (broker.EndpointOf(options.Listener) is not { } at)
        {
            return;
        }

        try
        {
            EndPoint endPoint = IPAddress.TryParse(at.Host, out var ip) ? new IPEndPoint(ip, at.Port) : new DnsEndPoint(at.Host, at.Port);
            using var channel = await options.Transport.ConnectAsync(endPoint, cancellationToken);
            channel.Abort();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            controller.Miss(broker.Id, broker.Epoch);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // It may be there, or not.
        }
    }
}

/// <summary>How brokers are called.</summary>
internal sealed record BrokerCallOptions
{
    /// <summary>This node, which needs no call.</summary>
    public required BrokerId Self { get; init; }

    /// <summary>The listener by which brokers reach each other.</summary>
    public required string Listener { get; init; }

    /// <summary>Connections.</summary>
    public required ITransport Transport { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
