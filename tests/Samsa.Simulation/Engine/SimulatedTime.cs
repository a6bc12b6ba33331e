namespace Samsa.Simulation;

/// <summary>The clock of one process: its machine's, which may go wrong and run fast or slow.</summary>
/// <param name="process">Whose timers these are.</param>
/// <param name="drift">How many seconds pass here while one passes in the world.</param>
/// <param name="offset">How far the wall clock is off.</param>
internal sealed class SimulatedTime(SimulatedProcess process, double drift, TimeSpan offset) : TimeProvider
{
    private static readonly DateTimeOffset s_beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => s_beginning + offset + TimeSpan.FromTicks(GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)(process.World.Now * drift);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly SimulatedTime _time = time;
        private readonly TimerCallback _callback = callback;
        private readonly object? _state = state;
        private TimeSpan _period;
        private int _version;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            _period = period;
            Arm(dueTime);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _version++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan due)
        {
            var version = ++_version;
            if (due >= TimeSpan.Zero)
            {
                // Never early, as a real timer is not.
                _time.Process.World.After(TimeSpan.FromTicks((long)Math.Ceiling(due.Ticks / _time.Drift) + 1), _time.Process, () => Fire(version));
            }
        }

        private void Fire(int version)
        {
            if (version != _version)
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                Arm(_period);
            }

            _callback(_state);
        }
    }

    private SimulatedProcess Process => process;

    private double Drift => drift;
}
