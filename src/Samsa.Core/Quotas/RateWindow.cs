namespace Samsa.Core.Quotas;

/// <summary>
/// The average rate over the last samples, as Kafka measures it: whole samples that are past and the one that runs. Samples that
/// are missing at the beginning count as empty, so a burst after a pause is averaged over the whole window.
/// </summary>
/// <param name="span">How many samples, of which length.</param>
public sealed class RateWindow(QuotaWindow span)
{
    private readonly double[] _amounts = new double[span.Samples];
    private long _last = long.MinValue;

    /// <summary>When something was last counted.</summary>
    public long LastUsedMs { get; private set; }

    /// <summary>Counts.</summary>
    public void Record(double amount, long nowMs)
    {
        MoveTo(nowMs);
        LastUsedMs = nowMs;
        _amounts[(int)(_last % _amounts.Length)] += amount;
    }

    /// <summary>What was counted in the window that ends now.</summary>
    public double Total(long nowMs)
    {
        MoveTo(nowMs);
        var total = 0.0;
        foreach (var amount in _amounts)
        {
            total += amount;
        }

        return total;
    }

    /// <summary>How long to be quiet until a window with this total is back at the limit; 0 where it is not above.</summary>
    /// <param name="total">What the window holds.</param>
    /// <param name="perSecond">The limit.</param>
    /// <param name="nowMs">The time.</param>
    public long ThrottleMs(double total, double perSecond, long nowMs)
    {
        var elapsedMs = span.Samples > 1 ? ((span.Samples - 1) * span.SampleMs) + (nowMs % span.SampleMs) : span.SampleMs;
        var rate = total * 1000 / elapsedMs;
        if (rate <= perSecond)
        {
            return 0;
        }

        // Once the whole window has passed nothing of it is left, whatever the formula says.
        var wait = (rate - perSecond) / perSecond * elapsedMs;
        return wait >= span.LengthMs ? span.LengthMs : Math.Max(1, (long)Math.Round(wait));
    }

    private void MoveTo(long nowMs)
    {
        var current = nowMs / span.SampleMs;
        if (current <= _last)
        {
            return;
        }

        if (current - _last >= _amounts.Length || _last == long.MinValue)
        {
            Array.Clear(_amounts);
        }
        else
        {
            for (var sample = _last + 1; sample <= current; sample++)
            {
                _amounts[(int)(sample % _amounts.Length)] = 0;
            }
        }

        _last = current;
    }
}

/// <summary>Over how long a rate is measured (<c>quota.window.num</c>, <c>quota.window.size.seconds</c>).</summary>
/// <param name="Samples">How many samples.</param>
/// <param name="SampleMs">How long each is.</param>
public readonly record struct QuotaWindow(int Samples, long SampleMs)
{
    /// <summary>All of it.</summary>
    public long LengthMs => Samples * SampleMs;
}
