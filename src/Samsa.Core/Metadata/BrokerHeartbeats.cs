using Samsa.Model;
using Samsa.Protocol.Messages;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>Decides what becomes of a broker that says how it is (KIP-631), or no longer says anything.</summary>
public static class BrokerHeartbeats
{
    /// <summary>
    /// Answers a heartbeat. A fenced broker is unfenced once it has followed the metadata log up to its own registration. One
    /// that wants to stop loses its leaderships and leaves its ISRs first, and may stop when all others know that.
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="sessions">Who was heard of lately.</param>
    /// <param name="request">The heartbeat.</param>
    /// <param name="next">Where the first record of the decision will stand.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="rules">What else matters.</param>
    public static Transition<BrokerHeartbeatResponse, IMetadataRecord> Decide(
        MetadataImage image, BrokerSessions sessions, BrokerHeartbeatRequest request, Offset next, long nowMs, ControllerRules rules)
    {
        if (!image.Brokers.TryGetValue(request.BrokerId, out var broker) || broker.Epoch != request.BrokerEpoch)
        {
            return new(new BrokerHeartbeatResponse { ErrorCode = ErrorCode.StaleBrokerEpoch }, []);
        }

        sessions.Touch(broker.Id, broker.Epoch, request.CurrentMetadataOffset, nowMs);
        var isCaughtUp = request.CurrentMetadataOffset.Value >= broker.Epoch;
        if (LoseDirectories(image, broker, request.OfflineLogDirs, rules) is { } losses)
        {
            // What else it wants it says again with its next heartbeat, which is decided on what is left.
            return new(new BrokerHeartbeatResponse { IsCaughtUp = isCaughtUp, IsFenced = broker.Fenced }, losses);
        }

        var records = new List<IMetadataRecord>();
        var state = NextState(image, sessions, broker, request, isCaughtUp, nowMs);
        switch (state)
        {
            case State.Fenced or State.ShutDown when !broker.Fenced:
                records.Add(Change(broker, fenced: BrokerChange.Fence));
                new Electorate(image, rules) { Leaving = broker.Id }.Settle(records);
                break;
            case State.Active when broker.Fenced:
                records.Add(Change(broker, fenced: BrokerChange.Unfence));
                new Electorate(image, rules) { Arriving = broker.Id }.Settle(records);
                break;
            case State.ShuttingDown when !broker.InControlledShutdown:
                records.Add(Change(broker, shutdown: BrokerChange.ShutDown));
                new Electorate(image, rules) { Leaving = broker.Id }.Settle(records);
                _ = sessions.HaveSeenShutdown(image, broker, next + (records.Count - 1), nowMs);
                break;
        }

        if (state == State.ShutDown)
        {
            // It goes now, and whoever comes in its place need not wait until its session has ended.
            sessions.Forget(broker.Id);
        }

        return new(
            new BrokerHeartbeatResponse
            {
                IsCaughtUp = isCaughtUp,
                IsFenced = state is State.Fenced or State.ShutDown,
                ShouldShutDown = state == State.ShutDown,
            },
            records);
    }

    /// <summary>Fences a broker that was silent for too long.</summary>
    internal static IReadOnlyList<IMetadataRecord> Fence(MetadataImage image, BrokerImage broker, ControllerRules rules)
    {
        var records = new List<IMetadataRecord> { Change(broker, fenced: BrokerChange.Fence) };
        new Electorate(image, rules) { Leaving = broker.Id }.Settle(records);
        return records;
    }

    private static State NextState(
        MetadataImage image, BrokerSessions sessions, BrokerImage broker, BrokerHeartbeatRequest request, bool isCaughtUp, long nowMs)
    {
        if (broker.Fenced)
        {
            // Who has shut down comes back by registering again, not by asking to.
            return request.WantShutDown ? State.ShutDown
                : request.WantFence || !isCaughtUp || broker.InControlledShutdown ? State.Fenced
                : State.Active;
        }

        if (request.WantFence)
        {
            return request.WantShutDown ? State.ShutDown : State.Fenced;
        }

        if (broker.InControlledShutdown)
        {
            return !LeadsAnything(image, broker.Id) && sessions.HaveSeenShutdown(image, broker, image.AppliedOffset, nowMs)
                ? State.ShutDown
                : State.ShuttingDown;
        }

        return !request.WantShutDown ? State.Active : LeadsAnything(image, broker.Id) ? State.ShuttingDown : State.ShutDown;
    }

    private static bool LeadsAnything(MetadataImage image, BrokerId broker) =>
        image.Topics.Values.Any(t => t.Partitions.Any(p => p.Leader == broker));

    private static List<IMetadataRecord>? LoseDirectories(MetadataImage image, BrokerImage broker, Guid[] offline, ControllerRules rules)
    {
        var lost = broker.LogDirs.Intersect(offline).ToArray();
        Guid[] left = [.. broker.LogDirs.Except(lost)];
        if (lost.Length == 0 || left.Length == 0)
        {
            // A broker without any directory ends by itself, and no registration can say "none".
            return null;
        }

        var records = new List<IMetadataRecord>();
        new Electorate(image, rules) { Leaving = broker.Id, LostDirectories = lost }.Settle(records);
        records.Add(new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, LogDirs = left });
        return records;
    }

    private static BrokerRegistrationChangeRecord Change(BrokerImage broker, sbyte fenced = 0, sbyte shutdown = 0) => new()
    {
        BrokerId = broker.Id, BrokerEpoch = broker.Epoch, Fenced = fenced, InControlledShutdown = shutdown,
    };

    private enum State
    {
        Fenced,
        Active,
        ShuttingDown,
        ShutDown,
    }
}
