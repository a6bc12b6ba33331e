using Samsa.Model;

namespace Samsa.Broker.Fetching;

/// <summary>Who fetches.</summary>
/// <param name="Replica">The broker, where it is a follower; none for a consumer.</param>
/// <param name="BrokerEpoch">The epoch under which that broker is registered; -1 where it does not say (KIP-903).</param>
/// <param name="Version">The version of the request.</param>
/// <param name="Isolation">What a consumer wants to see.</param>
/// <param name="Rack">Where a consumer is (KIP-392); empty where it does not say.</param>
internal sealed record FetchCaller(BrokerId Replica, long BrokerEpoch, short Version, IsolationLevel Isolation, string Rack)
{
    private const short FirstVersionWithRack = 11;

    /// <summary>Whether it is a follower, which gets all there is.</summary>
    public bool IsFollower => Replica.Value >= 0;

    /// <summary>Whether a follower may serve it (KIP-392): a consumer that knows that there are such.</summary>
    public bool MayReadFollower => !IsFollower && Version >= FirstVersionWithRack;
}
