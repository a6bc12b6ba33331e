using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides who belongs to the cluster (KIP-631).</summary>
public static class BrokerRegistrations
{
    /// <summary>
    /// Registers a broker, fenced. Its epoch is the offset of its registration. Whatever an earlier incarnation led or was
    /// in sync for, it no longer is; where that one did not stop cleanly, its logs may have lost their ends, and it is not
    /// even eligible any more (KIP-966).
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="sessions">Who was heard of lately.</param>
    /// <param name="request">The wish.</param>
    /// <param name="next">Where the first record of the decision will stand.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="rules">What else matters.</param>
    public static Transition<BrokerRegistrationResponse, IMetadataRecord> Register(
        MetadataImage image, BrokerSessions sessions, BrokerRegistrationRequest request, Offset next, long nowMs, ControllerRules rules)
    {
        var present = image.Brokers.GetValueOrDefault(request.BrokerId);
        var features = Array.ConvertAll(request.Features, f => new BrokerFeature(f.Name, f.MinSupportedVersion, f.MaxSupportedVersion));
        if (Refuse(image, sessions, request, present, features, nowMs, rules) is var error && error != ErrorCode.None)
        {
            return new(new BrokerRegistrationResponse { ErrorCode = error, BrokerEpoch = -1 }, []);
        }

        var records = new List<IMetadataRecord>(ClusterFeatures.Begin(image));
        if (present is null && !rules.MinInSyncReplicasIsGiven && ReplicationDefaults.OnNewBroker(image) is { } minInSync)
        {
            records.Add(minInSync);
        }

        var isSameProcess = present?.Incarnation == request.IncarnationId;
        if (present is not null && !isSameProcess)
        {
            new Electorate(image, rules)
            {
                Leaving = present.Id,
                LeavingIsUnclean = request.PreviousBrokerEpoch != present.Epoch,
            }.Settle(records);
        }

        var broker = new BrokerImage(
            request.BrokerId,
            request.IncarnationId,
            isSameProcess ? present!.Epoch : next.Value + records.Count,
            Array.ConvertAll(request.Listeners, l => new BrokerEndpoint(l.Name, l.Host, l.Port, l.SecurityProtocol)),
            request.Rack,
            Fenced: !isSameProcess || present!.Fenced)
        {
            InControlledShutdown = isSameProcess && present!.InControlledShutdown,
            Features = features,
            LogDirs = request.LogDirs,
        };
        records.Add(ClusterController.RegistrationOf(broker));
        sessions.Touch(broker.Id, broker.Epoch, nowMs);
        return new(new BrokerRegistrationResponse { BrokerEpoch = broker.Epoch }, records);
    }

    /// <summary>Removes a broker's registration; its replicas stay listed until they are moved.</summary>
    public static Transition<UnregisterBrokerResponse, IMetadataRecord> Unregister(
        MetadataImage image, BrokerSessions sessions, BrokerId id, ControllerRules rules)
    {
        if (!image.Brokers.TryGetValue(id, out var broker))
        {
            return new(
                new UnregisterBrokerResponse { ErrorCode = ErrorCode.BrokerIdNotRegistered, ErrorMessage = $"Broker ID {id} is not currently registered" },
                []);
        }

        var records = new List<IMetadataRecord>();
        new Electorate(image, rules) { Leaving = id, LeavingIsUnclean = true }.Settle(records);
        records.Add(new UnregisterBrokerRecord { BrokerId = id, BrokerEpoch = broker.Epoch });
        sessions.Forget(id);
        return new(new UnregisterBrokerResponse(), records);
    }

    private static ErrorCode Refuse(
        MetadataImage image,
        BrokerSessions sessions,
        BrokerRegistrationRequest request,
        BrokerImage? present,
        BrokerFeature[] features,
        long nowMs,
        ControllerRules rules)
    {
        if (!string.Equals(request.ClusterId, rules.ClusterId, StringComparison.Ordinal))
        {
            return ErrorCode.InconsistentClusterId;
        }

        // Two processes with one id would take each other's place without end. One that shuts down may be replaced already.
        if (present is { InControlledShutdown: false } && present.Incarnation != request.IncarnationId
            && sessions.IsAlive(present.Id, present.Epoch, nowMs))
        {
            return ErrorCode.DuplicateBrokerRegistration;
        }

        if (request.BrokerId.Value < 0 || request.IncarnationId == Guid.Empty || request.Listeners.Length == 0 || request.IsMigratingZkBroker
            || request.LogDirs.Distinct().Count() != request.LogDirs.Length
            || Array.Exists(request.LogDirs, DirectoryId.IsReserved)
            || image.Brokers.Values.Any(b => b.Id != request.BrokerId && b.LogDirs.Intersect(request.LogDirs).Any()))
        {
            return ErrorCode.InvalidRegistration;
        }

        return ClusterFeatures.Refuse(image, features) is null ? ErrorCode.None : ErrorCode.UnsupportedVersion;
    }
}
