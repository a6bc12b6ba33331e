using Samsa.Model;

namespace Samsa.Core.Fetching;

/// <summary>
/// The fetching side of a session (KIP-227): remembers what the leader was told, so that a request names only what
/// changed. One request at a time.
/// </summary>
public sealed class FetchSessionClient
{
    private readonly Dictionary<FetchKey, FetchPosition> _told = [];
    private int _epoch = FetchSession.InitialEpoch;

    /// <summary>The session; 0 for none.</summary>
    public int SessionId { get; private set; }

    /// <summary>What the leader knows of what is to be fetched: what the answer that comes is to.</summary>
    public IReadOnlyDictionary<FetchKey, FetchPosition> Told => _told;

    /// <summary>Says what the next request names.</summary>
    /// <param name="wanted">Everything to be fetched, of which the request names what the leader does not know.</param>
    public FetchSessionRequest Next(IReadOnlyDictionary<FetchKey, FetchPosition> wanted)
    {
        var isFull = _epoch == FetchSession.InitialEpoch;
        if (isFull)
        {
            _told.Clear();
        }

        var changed = new List<KeyValuePair<FetchKey, FetchPosition>>();
        foreach (var (key, position) in wanted)
        {
            if (!_told.TryGetValue(key, out var known) || known != position)
            {
                changed.Add(new(key, position));
                _told[key] = position;
            }
        }

        List<FetchKey> forgotten = [];
        if (_told.Count > wanted.Count)
        {
            forgotten.AddRange(_told.Keys.Where(k => !wanted.ContainsKey(k)));
            forgotten.ForEach(k => _told.Remove(k));
        }

        return new FetchSessionRequest(SessionId, _epoch, changed, forgotten);
    }

    /// <summary>An answer came, which has no error: the session goes on, or begins, or there is none.</summary>
    /// <param name="sessionId">The session it names.</param>
    public void OnAnswer(int sessionId)
    {
        SessionId = sessionId;
        _epoch = sessionId == 0 ? FetchSession.InitialEpoch : _epoch == int.MaxValue ? 1 : _epoch + 1;
    }

    /// <summary>
    /// An answer with an error, or none at all: nobody knows what the leader knows. The next request names everything, and
    /// closes the session that was.
    /// </summary>
    public void OnFailure(ErrorCode error)
    {
        SessionId = error == ErrorCode.FetchSessionIdNotFound ? 0 : SessionId;
        _epoch = FetchSession.InitialEpoch;
    }
}

/// <summary>How a partition is to be fetched.</summary>
/// <param name="From">The first offset wanted.</param>
/// <param name="LogStartOffset">Where the fetcher's own log begins.</param>
/// <param name="CurrentLeaderEpoch">The epoch the fetcher believes in.</param>
/// <param name="LastFetchedEpoch">The epoch of the last record it has, or none.</param>
public readonly record struct FetchPosition(Offset From, Offset LogStartOffset, LeaderEpoch CurrentLeaderEpoch, LeaderEpoch LastFetchedEpoch);

/// <summary>What a request says about the session.</summary>
/// <param name="SessionId">The session; 0 for none.</param>
/// <param name="Epoch">The epoch; 0 to begin one.</param>
/// <param name="Changed">The partitions to name.</param>
/// <param name="Forgotten">The partitions to drop.</param>
public readonly record struct FetchSessionRequest(
    int SessionId, int Epoch, IReadOnlyList<KeyValuePair<FetchKey, FetchPosition>> Changed, IReadOnlyList<FetchKey> Forgotten);
