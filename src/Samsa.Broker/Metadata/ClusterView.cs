using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Metadata;

/// <summary>The cluster as clients see it from this broker.</summary>
/// <param name="state">The metadata.</param>
/// <param name="clusterId">The cluster's id.</param>
/// <param name="self">This broker.</param>
internal sealed class ClusterView(MetadataState state, string clusterId, BrokerId self)
{
    /// <summary>The cluster's id, from <c>meta.properties</c>.</summary>
    public string ClusterId => clusterId;

    /// <summary>This broker.</summary>
    public BrokerId Self => self;

    /// <summary>
    /// The broker that clients send controller requests to. Any broker may be named, since each passes them on; this one
    /// names itself, which spares a hop (KIP-590).
    /// </summary>
    public BrokerId ControllerId => self;

    /// <summary>The newest image.</summary>
    public MetadataImage Image => state.Image;

    /// <summary>Brokers that a client of that listener can reach, by id.</summary>
    public IEnumerable<(BrokerImage Broker, BrokerEndpoint Endpoint)> BrokersOn(string listenerName, bool includeFenced = false)
    {
        foreach (var broker in Image.Brokers.Values)
        {
            if ((includeFenced || !broker.Fenced) && broker.EndpointOf(listenerName) is { } endpoint)
            {
                yield return (broker, endpoint);
            }
        }
    }
}
