namespace Samsa.Core.Quotas;

/// <summary>
/// Allows bursts of a whole window's worth and then a steady rate (KIP-599). A request may bring it below zero, and the next has to wait
/// until it is back.
/// </summary>
/// <param name="span">The window, whose worth is the burst.</param>
public sealed class TokenBucket(QuotaWindow span)
{
    private double _tokens;
    private long _debtMs;
    private bool _isUsed;

    /// <summary>When it was last asked.</summary>
    public long LastUsedMs { get; private set; }

    /// <summary>Takes tokens, also where they are not there.</summary>
    /// <returns>How long until they would have been.</returns>
    public long Take(double amount, double perSecond, long nowMs)
    {
        Refill(perSecond, nowMs);
        _tokens -= amount;
        return DebtMs(perSecond);
    }

    /// <summary>Takes tokens, unless there is a debt.</summary>
    /// <returns>0, or how long until the debt is paid.</returns>
    public long TryTake(double amount, double perSecond, long nowMs)
    {
        Refill(perSecond, nowMs);
        var debt = DebtMs(perSecond);
        if (debt == 0)
        {
            _tokens -= amount;
        }

        return debt;
    }

    /// <summary>Whether it is full again, so that nothing is lost when it is forgotten.</summary>
    public bool IsFull(long nowMs) => _tokens >= 0 ? nowMs - LastUsedMs >= span.LengthMs : nowMs - LastUsedMs >= span.LengthMs + _debtMs;

    private void Refill(double perSecond, long nowMs)
    {
        var burst = perSecond * span.LengthMs / 1000;
        _tokens = _isUsed ? Math.Min(burst, _tokens + (Math.Max(0, nowMs - LastUsedMs) * perSecond / 1000)) : burst;
        _isUsed = true;
        LastUsedMs = Math.Max(LastUsedMs, nowMs);
    }

    private long DebtMs(double perSecond)
    {
        _debtMs = _tokens >= 0 ? 0 : (long)Math.Ceiling(Math.Min(-_tokens * 1000 / perSecond, int.MaxValue));
        return _debtMs;
    }
}
