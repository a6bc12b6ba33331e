using Samsa.Broker.Metrics;
using Samsa.Broker.Quotas;
using Samsa.Network;

namespace Samsa.Broker.Pipeline;

/// <summary>Opens a session for each connection.</summary>
internal sealed class ConnectionHandler(ApiTable apis, BrokerMetrics metrics, ClientQuotas quotas, TimeProvider time, CancellationToken stopping) : IConnectionHandler
{
    /// <inheritdoc/>
    public IRequestSession Open(ConnectionInfo info) => new RequestSession(info, apis, metrics, quotas, time, stopping);
}
