using Samsa.Protocol;
using Samsa.Protocol.Messages;

namespace Samsa.Broker.Pipeline;

/// <summary>Counts served requests.</summary>
internal interface IRequestMetrics
{
    /// <summary>A request was answered.</summary>
    /// <param name="api">Of which API.</param>
    /// <param name="elapsed">How long it took from its frame to the frame of its answer.</param>
    void Served(ApiKey api, TimeSpan elapsed);
}
