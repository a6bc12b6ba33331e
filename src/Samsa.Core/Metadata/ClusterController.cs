using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides about producer ids, and writes brokers down: state in, records out.</summary>
public static class ClusterController
{
    /// <summary>How many producer ids a broker gets at a time; a broker that dies wastes what is left of its block.</summary>
    public const int ProducerIdBlock = 1000;

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
