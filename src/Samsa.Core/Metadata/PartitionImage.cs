using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>One partition as the metadata log describes it.</summary>
/// <param name="Partition">The index within the topic.</param>
/// <param name="Replicas">The brokers that hold it, the preferred leader first.</param>
/// <param name="InSyncReplicas">Those of them that are in sync.</param>
/// <param name="Leader">The leader, or <see cref="BrokerId.None"/> while there is none.</param>
/// <param name="LeaderEpoch">Grows with each change of the leader.</param>
/// <param name="PartitionEpoch">Grows with each change of any of this.</param>
public sealed record PartitionImage(
    int Partition,
    BrokerId[] Replicas,
    BrokerId[] InSyncReplicas,
    BrokerId Leader,
    LeaderEpoch LeaderEpoch,
    int PartitionEpoch);

/// <summary>One topic as the metadata log describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, never used again once the topic is gone.</param>
/// <param name="Partitions">Its partitions, by index.</param>
public sealed record TopicImage(string Name, TopicId Id, IReadOnlyList<PartitionImage> Partitions);

/// <summary>An address of a broker.</summary>
/// <param name="ListenerName">The listener, for example <c>PLAINTEXT</c>.</param>
/// <param name="Host">The advertised host.</param>
/// <param name="Port">The advertised port.</param>
/// <param name="SecurityProtocol">0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL.</param>
public sealed record BrokerEndpoint(string ListenerName, string Host, int Port, short SecurityProtocol);

/// <summary>One registered broker as the metadata log describes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">Drawn anew at each start of its process.</param>
/// <param name="Epoch">The offset of its registration; stale requests of an earlier incarnation carry a lower one.</param>
/// <param name="Endpoints">Where clients and brokers reach it.</param>
/// <param name="Rack">Its failure domain (<c>broker.rack</c>), if set.</param>
/// <param name="Fenced">Whether it may not lead.</param>
public sealed record BrokerImage(
    BrokerId Id,
    Guid Incarnation,
    long Epoch,
    IReadOnlyList<BrokerEndpoint> Endpoints,
    string? Rack,
    bool Fenced)
{
    /// <summary>The endpoint of a listener, or null where the broker does not have it.</summary>
    public BrokerEndpoint? EndpointOf(string listenerName)
    {
        foreach (var endpoint in Endpoints)
        {
            if (string.Equals(endpoint.ListenerName, listenerName, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return null;
    }
}
