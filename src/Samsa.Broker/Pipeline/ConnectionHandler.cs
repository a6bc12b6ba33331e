using Samsa.Network;

namespace Samsa.Broker.Pipeline;

/// <summary>Opens a session for each connection.</summary>
internal sealed class ConnectionHandler(ApiTable apis, IRequestMetrics metrics, CancellationToken stopping) : IConnectionHandler
{
    /// <inheritdoc/>
    public IRequestSession Open(ConnectionInfo info) => new RequestSession(info, apis, metrics, stopping);
}
