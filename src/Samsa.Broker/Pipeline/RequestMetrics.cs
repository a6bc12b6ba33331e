using Samsa.Protocol;

namespace Samsa.Broker.Pipeline;

/// <summary>Counts nothing yet.</summary>
internal sealed class RequestMetrics : IRequestMetrics
{
    /// <inheritdoc/>
    public void Served(ApiKey api, TimeSpan elapsed)
    {
    }
}
