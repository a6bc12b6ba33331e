namespace Samsa.Network;

/// <summary>
/// Notices a request that arrives, or an answer that leaves, more slowly than <see cref="BytesPerSecond"/> for a whole period: a connection
/// can hold memory, and a byte now and then does not make it a busy one. Looked at by the watching loop alone.
/// </summary>
internal struct SlowTransfer
{
    /// <summary>The slowest that an honest peer is expected to be: 64 kbit/s.</summary>
    public const int BytesPerSecond = 8 << 10;

    /// <summary>The period where other connections wait for memory.</summary>
    public static readonly TimeSpan ContendedPatience = TimeSpan.FromSeconds(10);

    private bool _isUnderWay;
    private long _unit;
    private long _bytes;
    private long _since;

    /// <summary>Whether the same unit has been under way for a whole period, and has hardly moved in it.</summary>
    /// <param name="isUnderWay">Whether a unit has begun, is not complete, and it is the peer who is waited for.</param>
    /// <param name="unit">Counts units, so that one is told from the next.</param>
    /// <param name="bytes">Counts bytes.</param>
    /// <param name="now">The time's timestamp.</param>
    /// <param name="period">The period.</param>
    /// <param name="time">The clock.</param>
    public bool IsTooSlow(bool isUnderWay, long unit, long bytes, long now, TimeSpan period, TimeProvider time)
    {
        if (!isUnderWay || !_isUnderWay || unit != _unit)
        {
            Restart(isUnderWay, unit, bytes, now);
            return false;
        }

        var elapsed = time.GetElapsedTime(_since, now);
        if (elapsed < period)
        {
            return false;
        }

        var moved = bytes - _bytes;
        Restart(isUnderWay, unit, bytes, now);
        return moved < BytesPerSecond * elapsed.TotalSeconds;
    }

    private void Restart(bool isUnderWay, long unit, long bytes, long now)
    {
        _isUnderWay = isUnderWay;
        _unit = unit;
        _bytes = bytes;
        _since = now;
    }
}
