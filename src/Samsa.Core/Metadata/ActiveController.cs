using Samsa.Model;
using Samsa.Protocol.Records;

namespace Samsa.Core.Metadata;

/// <summary>
/// What only the active controller has, and what it does without being asked: it fences brokers that fell silent, one at a
/// time, and brings leadership back to preferred replicas. A new active controller begins with a new one of these.
/// </summary>
public sealed class ActiveController(ControllerRules rules)
{
    /// <summary>The most partitions that get their leader back in one change.</summary>
    public const int PartitionsPerBalance = 1000;

    private long? _balanceAtMs;

    /// <summary>What decisions depend on besides the cluster's state.</summary>
    public ControllerRules Rules => rules;

    /// <summary>Who was heard of when.</summary>
    public BrokerSessions Sessions { get; } = new(rules.SessionTimeoutMs, Math.Min(rules.SessionTimeoutMs, rules.ReturnMs));

    /// <summary>Tells the time; before every decision.</summary>
    public void Advance(MetadataImage image, long nowMs)
    {
        Sessions.Advance(image, nowMs);
        _balanceAtMs ??= nowMs + rules.RebalanceIntervalMs;
    }

    /// <summary>When <see cref="Act"/> is to be called next, at the latest.</summary>
    public long NextDueMs(MetadataImage image, long nowMs) =>
        Math.Max(nowMs, Math.Min(Sessions.NextDueMs(image, nowMs), _balanceAtMs ?? long.MaxValue));

    /// <summary>Does one thing that is due; nothing is left to do when there are no records.</summary>
    /// <returns>The broker that was fenced, or none.</returns>
    public Transition<BrokerId, IMetadataRecord> Act(MetadataImage image, long nowMs)
    {
        if (Sessions.Stalest(image, nowMs) is { } stale)
        {
            return new(stale.Id, BrokerHeartbeats.Fence(image, stale, rules));
        }

        if (_balanceAtMs > nowMs || _balanceAtMs is null)
        {
            return new(BrokerId.None, []);
        }

        var records = LeaderElections.Balance(image, PartitionsPerBalance, rules);
        if (records.Count < PartitionsPerBalance)
        {
            _balanceAtMs = nowMs + rules.RebalanceIntervalMs;
        }

        return new(BrokerId.None, records);
    }
}
