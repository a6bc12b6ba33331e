using Samsa.Model;

namespace Samsa.Core.Metadata;

/// <summary>
/// When each broker was last heard of, and how far it follows the metadata log. Only the active controller has this; it is
/// not in the log, and a new active controller begins with a full session for every broker that is not fenced.
/// </summary>
/// <param name="timeoutMs">How long a broker may be silent.</param>
/// <param name="returnMs">How long at most once its connection is lost: one that lives connects again at once.</param>
public sealed class BrokerSessions(long timeoutMs, long returnMs)
{
    // Looked at at least this many times a session, so that a controller that was held up itself notices.
    private const int LooksPerSession = 8;

    private readonly Dictionary<BrokerId, Session> _sessions = [];
    private long _seenMs = long.MinValue;
    private bool _heardAnybody;

    /// <summary>
    /// Tells the time. When far more of it has passed than should have since the last look, the controller was held up, and
    /// could not have heard of anybody: that time counts for no session.
    /// </summary>
    public void Advance(MetadataImage image, long nowMs)
    {
        var gap = _seenMs == long.MinValue ? 0 : nowMs - _seenMs;
        var heldUpMs = gap > timeoutMs / 2 ? gap : 0;
        var missedMs = gap > returnMs / 2 ? gap : 0;
        _seenMs = Math.Max(_seenMs, nowMs);
        foreach (var session in _sessions.Values)
        {
            session.LastContactMs = Math.Min(session.LastContactMs + heldUpMs, _seenMs);
            session.LostMs = session.LostMs is { } lost ? Math.Min(lost + missedMs, _seenMs) : null;
        }

        foreach (var broker in image.Brokers.Values)
        {
            if (!broker.Fenced && !_sessions.ContainsKey(broker.Id))
            {
                _sessions[broker.Id] = new Session(broker.Epoch, nowMs);
            }
        }
    }

    /// <summary>Notes that a broker was heard of.</summary>
    public void Touch(BrokerId broker, long epoch, long nowMs)
    {
        _heardAnybody = true;
        SessionOf(broker, epoch, nowMs).Hear(nowMs);
    }

    /// <summary>Notes that a broker was heard of, and by which connection: whatever became of the one before no longer matters.</summary>
    public void Hear(BrokerId broker, long epoch, long connection, long nowMs)
    {
        Touch(broker, epoch, nowMs);
        (_sessions[broker].Connection, _sessions[broker].LostMs) = (connection, null);
    }

    /// <summary>Notes that a connection is over. Where a broker was last heard of by it, its process may be gone.</summary>
    public void Lose(long connection, long nowMs)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Connection == connection)
            {
                session.LostMs ??= nowMs;
            }
        }
    }

    /// <summary>Notes that nobody listens where a broker should, which therefore may be gone.</summary>
    public void Miss(BrokerId broker, long epoch, long nowMs)
    {
        if (_sessions.TryGetValue(broker, out var session) && session.Epoch == epoch)
        {
            session.LostMs ??= nowMs;
        }
    }

    /// <summary>Notes a heartbeat.</summary>
    /// <param name="broker">Whose.</param>
    /// <param name="epoch">The broker's epoch.</param>
    /// <param name="metadataOffset">How far it has applied the metadata log.</param>
    /// <param name="nowMs">The time.</param>
    internal void Touch(BrokerId broker, long epoch, Offset metadataOffset, long nowMs)
    {
        Touch(broker, epoch, nowMs);
        _sessions[broker].MetadataOffset = metadataOffset;
    }

    /// <summary>Forgets a broker, which is gone or comes again.</summary>
    internal void Forget(BrokerId broker) => _sessions.Remove(broker);

    /// <summary>Whether this controller has heard of that incarnation of a broker lately. What it merely assumes does not count.</summary>
    internal bool IsAlive(BrokerId broker, long epoch, long nowMs) =>
        _sessions.TryGetValue(broker, out var session) && session.Epoch == epoch && session.WasHeard && nowMs < EndOf(session);

    /// <summary>
    /// The broker whose session ended first of those that have; or null. A controller that has heard of
    /// nobody yet cannot tell a silent broker from being cut off itself, and there would be nobody to lead instead.
    /// </summary>
    internal BrokerImage? Stalest(MetadataImage image, long nowMs)
    {
        BrokerImage? stalest = null;
        if (!_heardAnybody)
        {
            return null;
        }

        var earliest = nowMs;
        foreach (var broker in image.Brokers.Values)
        {
            if (!broker.Fenced && _sessions.TryGetValue(broker.Id, out var session) && EndOf(session) <= earliest)
            {
                (stalest, earliest) = (broker, EndOf(session) - 1);
            }
        }

        return stalest;
    }

    /// <summary>When the sessions want to be looked at next.</summary>
    internal long NextDueMs(MetadataImage image, long nowMs)
    {
        var due = nowMs + Math.Max(1, timeoutMs / LooksPerSession);
        foreach (var (id, session) in _sessions)
        {
            // Of one that is fenced already it matters only whether another process may take its place.
            var isFenced = image.Brokers.GetValueOrDefault(id)?.Fenced ?? true;
            if (!isFenced)
            {
                due = Math.Min(due, EndOf(session));
            }

            if (session.LostMs is not null && (!isFenced || EndOf(session) > nowMs))
            {
                due = Math.Min(due, nowMs + Math.Max(1, returnMs / LooksPerSession));
            }
        }

        return Math.Max(due, nowMs);
    }

    /// <summary>
    /// Whether every active broker has followed the log as far as the changes that took a broker's leaderships away. The
    /// first call says how far that is.
    /// </summary>
    internal bool HaveSeenShutdown(MetadataImage image, BrokerImage broker, Offset changedAt, long nowMs)
    {
        var session = SessionOf(broker.Id, broker.Epoch, nowMs);
        session.ShutdownOffset ??= changedAt;
        foreach (var other in image.Brokers.Values)
        {
            if (other.IsActive && other.Id != broker.Id
                && !(_sessions.TryGetValue(other.Id, out var followed) && followed.MetadataOffset >= session.ShutdownOffset))
            {
                return false;
            }
        }

        return true;
    }

    private long EndOf(Session session) => session.LostMs is { } lost
        ? Math.Min(session.LastContactMs + timeoutMs, lost + returnMs)
        : session.LastContactMs + timeoutMs;

    private Session SessionOf(BrokerId broker, long epoch, long nowMs)
    {
        if (!_sessions.TryGetValue(broker, out var session) || session.Epoch != epoch)
        {
            session = new Session(epoch, nowMs);
            _sessions[broker] = session;
        }

        return session;
    }

    private sealed class Session(long epoch, long nowMs)
    {
        public long Epoch => epoch;

        public long LastContactMs { get; set; } = nowMs;

        public bool WasHeard { get; private set; }

        // The connection by which it was last heard of; that of a broker in the same process is never lost.
        public long Connection { get; set; } = -1;

        public long? LostMs { get; set; }

        public Offset MetadataOffset { get; set; } = Offset.None;

        public Offset? ShutdownOffset { get; set; }

        public void Hear(long nowMs)
        {
            LastContactMs = Math.Max(LastContactMs, nowMs);
            WasHeard = true;
        }
    }
}
