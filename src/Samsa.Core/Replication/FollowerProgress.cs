using Samsa.Model;

namespace Samsa.Core.Replication;

/// <summary>What a leader knows of one follower; all of it comes from the follower's fetches.</summary>
/// <param name="id">The follower.</param>
public sealed class FollowerProgress(BrokerId id)
{
    /// <summary>The follower.</summary>
    public BrokerId Id { get; } = id;

    /// <summary>Where its log ends: it has everything before. None until it fetched in this leader epoch.</summary>
    public Offset LogEndOffset { get; private set; } = Offset.None;

    /// <summary>Where its log begins; none until it fetched.</summary>
    public Offset LogStartOffset { get; private set; } = Offset.None;

    /// <summary>Under which epoch the follower was registered when it last fetched; -1 where it did not say (KIP-903).</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>The latest time, in ms, of which is known that the follower had all the leader had then.</summary>
    public long LastCaughtUpMs { get; internal set; } = long.MinValue;

    /// <summary>Whether the metadata log says that it is in sync.</summary>
    public bool IsInSync { get; internal set; }

    /// <summary>Whether it was proposed to be in sync and nobody knows yet whether it is.</summary>
    public bool IsJoining { get; internal set; }

    private long _lastFetchMs;
    private Offset _leaderEndAtLastFetch = Offset.None;

    internal void OnFetch(in FollowerFetch fetch, Offset leaderEnd, long nowMs)
    {
        // Kafka's rule: who reaches the end is caught up now; who reaches where the end was at its last fetch was caught up then.
        if (fetch.From >= leaderEnd)
        {
            LastCaughtUpMs = Math.Max(LastCaughtUpMs, nowMs);
        }
        else if (_leaderEndAtLastFetch.IsPosition && fetch.From >= _leaderEndAtLastFetch)
        {
            LastCaughtUpMs = Math.Max(LastCaughtUpMs, _lastFetchMs);
        }

        LogEndOffset = fetch.From;
        LogStartOffset = fetch.LogStart;
        BrokerEpoch = fetch.BrokerEpoch;
        _leaderEndAtLastFetch = leaderEnd;
        _lastFetchMs = nowMs;
    }

    internal bool IsCaughtUp(Offset leaderEnd, long maxLagMs, long nowMs) =>
        LogEndOffset == leaderEnd || (LastCaughtUpMs != long.MinValue && nowMs - LastCaughtUpMs <= maxLagMs);
}

/// <summary>A follower's fetch, as far as it tells of the follower.</summary>
/// <param name="From">From where it fetches, which is where its log ends.</param>
/// <param name="LogStart">Where its log begins.</param>
/// <param name="BrokerEpoch">The epoch under which it is registered; -1 where it does not say (KIP-903).</param>
public readonly record struct FollowerFetch(Offset From, Offset LogStart, long BrokerEpoch);
