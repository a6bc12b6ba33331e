namespace Samsa.Network;

/// <summary>How long a throttled connection is not read (KIP-219). The timer exists only once a connection was throttled.</summary>
internal sealed class MuteTimer(TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long _since;
    private TimeSpan _duration;
    private volatile bool _isMuted;
    private bool _isDisposed;

    /// <summary>Called on a timer's thread when the connection may be read again.</summary>
    public Action? Ended { get; set; }

    /// <summary>Whether the connection is not to be read now.</summary>
    public bool IsMuted => _isMuted;

    /// <summary>Mutes from now on; where a mute is on, the one that ends later counts.</summary>
    public void MuteFor(TimeSpan duration)
    {
        lock (_lock)
        {
            if (_isDisposed || (_isMuted && Remaining() >= duration))
            {
                return;
            }

            _isMuted = true;
            _since = time.GetTimestamp();
            _duration = duration;
            _timer ??= time.CreateTimer(static timer => ((MuteTimer)timer!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Arm();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            if (Remaining() > TimeSpan.Zero)
            {
                Arm();
                return;
            }

            _isMuted = false;
        }

        Ended?.Invoke();
    }

    private TimeSpan Remaining() => _duration - time.GetElapsedTime(_since);

    // Timers count whole milliseconds and may fire a little early.
    private void Arm() => _timer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(Remaining().TotalMilliseconds, 1))), Timeout.InfiniteTimeSpan);
}
