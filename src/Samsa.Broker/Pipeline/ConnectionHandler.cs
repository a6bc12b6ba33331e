using Samsa.Broker.Metrics;
using Samsa.Broker.Quotas;
using Samsa.Network;

namespace Samsa.Broker.Pipeline;

/// <summary>Opens a session for each connection.</summary>
internal sealed class ConnectionHandler(ApiTable apis, BrokerMetrics metrics, ClientQuotas quotas, TimeProvider time, CancellationToken stopping) : IConnectionHandler
{
    /// <summary>Told the number of each connection that is over.</summary>
    public Action<long>? Ended { get; init; }

    /// <inheritdoc/>
    public IRequestSession Open(ConnectionInfo info) => new RequestSession(info, apis, metrics, quotas, time, stopping) { Ended = Ended };
}
