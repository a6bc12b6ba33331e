using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// Decides about brokers, leaders and producer ids: state in, records out. Topics are decided by
/// <see cref="TopicCreation"/> and <see cref="TopicDeletion"/>.
/// </summary>
public static class ClusterController
{
    /// <summary>How many producer ids a broker gets at a time; a broker that dies wastes what is left of its block.</summary>
    public const int ProducerIdBlock = 1000;

    /// <summary>
    /// Registers a broker's new incarnation and makes it lead, with a new leader epoch, what it led before. The new
    /// epoch is what lets consumers notice that records they read did not survive a crash (KIP-320).
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="broker">The broker; its epoch is ignored.</param>
    /// <param name="nextOffset">Where its registration will stand; that offset is its epoch.</param>
    /// <returns>The broker's epoch.</returns>
    public static Transition<long, IMetadataRecord> Register(MetadataImage image, BrokerImage broker, Offset nextOffset)
    {
        var registered = broker with { Epoch = nextOffset.Value };
        var records = new List<IMetadataRecord> { RegistrationOf(registered) };
        foreach (var topic in image.Topics.Values.OrderBy(t => t.Id))
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.Leader == broker.Id
                    || (partition.Leader == BrokerId.None && partition.InSyncReplicas.Contains(broker.Id)))
                {
                    records.Add(new PartitionChangeRecord
                    {
                        TopicId = topic.Id, PartitionId = partition.Partition, Leader = broker.Id,
                    });
                }
            }
        }

        return new(registered.Epoch, records);
    }

    /// <summary>Hands a broker the next block of producer ids (KIP-730): the id it begins with, and how many there are.</summary>
    public static Transition<AllocateProducerIdsResponse, IMetadataRecord> AllocateProducerIds(MetadataImage image, AllocateProducerIdsRequest request)
    {
        if (!image.Brokers.TryGetValue(request.BrokerId, out var broker) || broker.Epoch != request.BrokerEpoch)
        {
            return new(new AllocateProducerIdsResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }, []);
        }

        var first = image.NextProducerId;
        return new(
            new AllocateProducerIdsResponse { ProducerIdStart = new ProducerId(first), ProducerIdLen = ProducerIdBlock },
            [new ProducerIdsRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, NextProducerId = new(first + ProducerIdBlock) }]);
    }

    /// <summary>The record that registers a broker as described.</summary>
    public static RegisterBrokerRecord RegistrationOf(BrokerImage broker) => new()
    {
        BrokerId = broker.Id,
        IncarnationId = broker.Incarnation,
        BrokerEpoch = broker.Epoch,
        Rack = broker.Rack,
        Fenced = broker.Fenced,
        InControlledShutdown = broker.InControlledShutdown,
        LogDirs = broker.LogDirs,
        Features =
        [
            .. broker.Features.Select(f => new RegisterBrokerRecord.BrokerFeature
            {
                Name = f.Name, MinSupportedVersion = f.MinLevel, MaxSupportedVersion = f.MaxLevel,
            }),
        ],
        EndPoints =
        [
            .. broker.Endpoints.Select(e => new RegisterBrokerRecord.BrokerEndpoint
            {
                Name = e.ListenerName, Host = e.Host, Port = (ushort)e.Port, SecurityProtocol = e.SecurityProtocol,
            }),
        ],
    };
}
