namespace Samsa.Network;

/// <summary>Spreads new connections of all listeners over time (<c>max.connection.creation.rate</c>): a second's worth at once, then one after the other.</summary>
internal sealed class AcceptPace(TimeProvider time)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextDue;

    /// <summary>Takes a turn; zero where it has come, else for how long to wait before asking again.</summary>
    public TimeSpan TryTakeTurn(int perSecond)
    {
        if (perSecond == int.MaxValue)
        {
            return TimeSpan.Zero;
        }

        if (perSecond == 0)
        {
            return LongestWait;
        }

        var each = TimeSpan.FromSeconds(1.0 / perSecond);
        lock (_lock)
        {
            // Turns that nobody took add up to a second's worth at most.
            var now = time.GetElapsedTime(_start);
            var earliest = now - TimeSpan.FromSeconds(1) + each;
            var due = _nextDue > earliest ? _nextDue : earliest;
            if (due > now)
            {
                var wait = due - now;
                return wait < LongestWait ? wait : LongestWait;
            }

            _nextDue = due + each;
            return TimeSpan.Zero;
        }
    }
}
