namespace Samsa.Core.Fetching;

/// <summary>
/// What a broker remembers of a fetcher between its requests (KIP-227): a request then names only the partitions that
/// changed, and an answer only those with news.
/// </summary>
public sealed class FetchSession
{
    /// <summary>The epoch of a request that opens a session.</summary>
    public const int InitialEpoch = 0;

    /// <summary>The epoch of a request that wants none, and closes the one it names.</summary>
    public const int FinalEpoch = -1;

    private readonly LinkedList<FetchTarget> _order = [];
    private readonly Dictionary<FetchKey, LinkedListNode<FetchTarget>> _nodes = [];

    internal FetchSession(int id, bool usesTopicIds, bool isFollower)
    {
        Id = id;
        UsesTopicIds = usesTopicIds;
        IsFollower = isFollower;
    }

    /// <summary>Its id; 0 for a session that is not kept.</summary>
    public int Id { get; internal set; }

    /// <summary>The epoch that the next request must carry.</summary>
    public int NextEpoch { get; private set; } = 1;

    /// <summary>Whether its requests name topics by id.</summary>
    public bool UsesTopicIds { get; }

    /// <summary>Whether a follower fetches; followers push consumers out of a full cache.</summary>
    public bool IsFollower { get; }

    /// <summary>Whether a request of it is being served.</summary>
    public bool IsBusy { get; internal set; }

    /// <summary>When it was last used, in ms.</summary>
    public long LastUsedMs { get; internal set; }

    /// <summary>The partitions, in the order they shall be served.</summary>
    public IReadOnlyCollection<FetchTarget> Targets => _order;

    internal void Put(FetchTarget target)
    {
        if (_nodes.TryGetValue(target.Key, out var node))
        {
            node.Value.Update(target);
        }
        else
        {
            _nodes[target.Key] = _order.AddLast(target);
        }
    }

    internal void Forget(FetchKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _order.Remove(node);
        }
    }

    /// <summary>A partition that was served goes to the end, so that a full answer never starves those behind it.</summary>
    internal void ServedLast(FetchTarget target)
    {
        if (_nodes.TryGetValue(target.Key, out var node) && node.Next is not null)
        {
            _order.Remove(node);
            _order.AddLast(node);
        }
    }

    internal void BumpEpoch() => NextEpoch = NextEpoch == int.MaxValue ? 1 : NextEpoch + 1;
}
