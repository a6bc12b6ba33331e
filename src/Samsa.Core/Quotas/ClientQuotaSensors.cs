namespace Samsa.Core.Quotas;

/// <summary>
/// What clients with a quota used lately. It forgets who was quiet for a whole window, since nothing of him would count any more, and
/// keeps at most <see cref="MaxSensors"/>: clients beyond share one, so that making up client ids neither helps nor costs memory.
/// Not safe for several threads: the shell guards it.
/// </summary>
/// <param name="clients">Window of client quotas.</param>
/// <param name="controller">Window of controller mutation quotas.</param>
public sealed class ClientQuotaSensors(QuotaWindow clients, QuotaWindow controller)
{
    /// <summary>The most clients counted apart.</summary>
    public const int MaxSensors = 10_000;

    private const int LongestName = 255;
    private readonly Dictionary<(QuotaType Type, QuotaEntity Entity), RateWindow> _rates = [];
    private readonly Dictionary<QuotaEntity, TokenBucket> _buckets = [];
    private long _lastSweepMs;

    /// <summary>How many sensors there are.</summary>
    public int Count => _rates.Count + _buckets.Count;

    /// <summary>Counts.</summary>
    /// <returns>For how long the client has to be quiet now, in ms.</returns>
    public long Record(QuotaType type, in QuotaLimit limit, double amount, long nowMs)
    {
        var rate = RateOf(type, limit.SharedBy, nowMs);
        rate.Record(amount, nowMs);
        return rate.ThrottleMs(rate.Total(nowMs), limit.PerSecond, nowMs);
    }

    /// <summary>
    /// Counts, unless that brings the client above its limit. What alone is more than the limit allows in a whole window passes all the
    /// same, when nothing else was counted: it would never pass otherwise.
    /// </summary>
    /// <returns>0 where it was counted, else for how long the client has to be quiet.</returns>
    public long TryRecord(QuotaType type, in QuotaLimit limit, double amount, long nowMs)
    {
        var rate = RateOf(type, limit.SharedBy, nowMs);
        var before = rate.Total(nowMs);
        var throttleMs = before > 0 ? rate.ThrottleMs(before + amount, limit.PerSecond, nowMs) : 0;
        if (throttleMs == 0)
        {
            rate.Record(amount, nowMs);
        }

        return throttleMs;
    }

    /// <summary>Counts changes of the controller; a strict one is not counted while there is a debt.</summary>
    /// <returns>For how long the client has to be quiet now, in ms; where strict, 0 means that it was counted.</returns>
    public long Mutate(in QuotaLimit limit, double partitions, bool isStrict, long nowMs)
    {
        Sweep(nowMs);
        var entity = Share(limit.SharedBy, mayAdd: _buckets.Count < MaxSensors, _buckets.ContainsKey);
        if (!_buckets.TryGetValue(entity, out var bucket))
        {
            bucket = new TokenBucket(controller);
            _buckets.Add(entity, bucket);
        }

        return isStrict ? bucket.TryTake(partitions, limit.PerSecond, nowMs) : bucket.Take(partitions, limit.PerSecond, nowMs);
    }

    private RateWindow RateOf(QuotaType type, in QuotaEntity client, long nowMs)
    {
        Sweep(nowMs);
        var entity = Share(client, mayAdd: _rates.Count < MaxSensors, e => _rates.ContainsKey((type, e)));
        if (!_rates.TryGetValue((type, entity), out var rate))
        {
            rate = new RateWindow(clients);
            _rates.Add((type, entity), rate);
        }

        return rate;
    }

    private static QuotaEntity Share(in QuotaEntity client, bool mayAdd, Func<QuotaEntity, bool> isKnown)
    {
        var entity = client.ClientId is { Length: > LongestName } longName ? client with { ClientId = longName[..LongestName] } : client;
        return mayAdd || isKnown(entity) ? entity : new QuotaEntity(QuotaEntity.Default, QuotaEntity.Default, QuotaEntity.Default);
    }

    private void Sweep(long nowMs)
    {
        if (nowMs - _lastSweepMs < clients.LengthMs)
        {
            return;
        }

        _lastSweepMs = nowMs;
        foreach (var (key, rate) in _rates)
        {
            if (nowMs - rate.LastUsedMs >= clients.LengthMs)
            {
                _rates.Remove(key);
            }
        }

        foreach (var (key, bucket) in _buckets)
        {
            if (bucket.IsFull(nowMs))
            {
                _buckets.Remove(key);
            }
        }
    }
}
