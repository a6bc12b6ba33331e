using Samsa.Model;

namespace Samsa.Core.Fetching;

/// <summary>The sessions of one broker (KIP-227). Not safe for several threads: the shell guards it.</summary>
/// <param name="slots">The most sessions kept (<c>max.incremental.fetch.session.cache.slots</c>).</param>
/// <param name="minEvictionMs">A session idle for less may only be pushed out by a follower's.</param>
/// <param name="nextRandom">Draws ids; they are hard to guess, so that nobody closes another's session by chance.</param>
public sealed class FetchSessionCache(int slots, long minEvictionMs, Func<int> nextRandom)
{
    private readonly Dictionary<int, FetchSession> _sessions = [];

    /// <summary>How many sessions are kept now.</summary>
    public int Count => _sessions.Count;

    /// <summary>Begins a request.</summary>
    /// <param name="sessionId">The session it names; 0 for none.</param>
    /// <param name="epoch">Its epoch: -1 without a session, 0 to open one, else the next in turn.</param>
    /// <param name="targets">The partitions it names.</param>
    /// <param name="forgotten">The partitions it drops from the session.</param>
    /// <param name="usesTopicIds">Whether it names topics by id.</param>
    /// <param name="isFollower">Whether a follower sent it.</param>
    /// <param name="nowMs">The time, in ms.</param>
    public FetchContext Begin(
        int sessionId,
        int epoch,
        IReadOnlyList<FetchTarget> targets,
        IReadOnlyList<FetchKey> forgotten,
        bool usesTopicIds,
        bool isFollower,
        long nowMs)
    {
        if (epoch is FetchSession.FinalEpoch or FetchSession.InitialEpoch)
        {
            _sessions.Remove(sessionId);
            var session = new FetchSession(0, usesTopicIds, isFollower) { LastUsedMs = nowMs };
            foreach (var target in targets)
            {
                session.Put(target);
            }

            return new FetchContext(ErrorCode.None, session, isIncremental: false, wantsSession: epoch == FetchSession.InitialEpoch);
        }

        return Continue(sessionId, epoch, targets, forgotten, usesTopicIds, nowMs);
    }

    /// <summary>
    /// Ends a request: keeps the session it asked for, where there is room, and lets the next request in.
    /// </summary>
    /// <returns>The session id for the answer; 0 where no session is kept.</returns>
    public int End(FetchContext context, long nowMs)
    {
        var session = context.Session;
        if (session is null)
        {
            return 0;
        }

        session.IsBusy = false;
        if (context.WantsSession && session.Targets.Count > 0 && MakeRoom(session.IsFollower, nowMs))
        {
            do
            {
                session.Id = nextRandom() & int.MaxValue;
            }
            while (session.Id == 0 || !_sessions.TryAdd(session.Id, session));
        }

        return session.Id;
    }

    private FetchContext Continue(
        int sessionId,
        int epoch,
        IReadOnlyList<FetchTarget> targets,
        IReadOnlyList<FetchKey> forgotten,
        bool usesTopicIds,
        long nowMs)
    {
        if (!_sessions.TryGetValue(sessionId, out var session))
        {
            return new FetchContext(ErrorCode.FetchSessionIdNotFound, null, isIncremental: true, wantsSession: false);
        }

        if (session.NextEpoch != epoch || session.IsBusy)
        {
            return new FetchContext(ErrorCode.InvalidFetchSessionEpoch, null, isIncremental: true, wantsSession: false);
        }

        if (session.UsesTopicIds != usesTopicIds)
        {
            return new FetchContext(ErrorCode.FetchSessionTopicIdError, null, isIncremental: true, wantsSession: false);
        }

        foreach (var key in forgotten)
        {
            session.Forget(key);
        }

        foreach (var target in targets)
        {
            session.Put(target);
        }

        session.BumpEpoch();
        session.LastUsedMs = nowMs;
        session.IsBusy = true;
        return new FetchContext(ErrorCode.None, session, isIncremental: true, wantsSession: false);
    }

    private bool MakeRoom(bool forFollower, long nowMs)
    {
        if (_sessions.Count < slots)
        {
            return true;
        }

        FetchSession? oldest = null;
        foreach (var session in _sessions.Values)
        {
            var mayGo = nowMs - session.LastUsedMs > minEvictionMs || (forFollower && !session.IsFollower);
            if (mayGo && !session.IsBusy && (oldest is null || session.LastUsedMs < oldest.LastUsedMs))
            {
                oldest = session;
            }
        }

        return oldest is not null && _sessions.Remove(oldest.Id);
    }
}
