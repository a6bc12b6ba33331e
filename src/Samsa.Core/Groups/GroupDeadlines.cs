namespace Samsa.Core.Groups;

/// <summary>
/// What must happen when. An entry is only a reminder: whoever is reminded looks at its own deadline, and asks to be
/// reminded again where that has moved, so that a heartbeat costs nothing here.
/// </summary>
internal sealed class GroupDeadlines
{
    private readonly PriorityQueue<Deadline, long> _queue = new();

    /// <summary>When the next reminder is due; <see cref="long.MaxValue"/> without any.</summary>
    public long NextMs => _queue.TryPeek(out _, out var at) ? at : long.MaxValue;

    public void Add(long atMs, Deadline deadline) => _queue.Enqueue(deadline, atMs);

    /// <summary>Takes one reminder that is due.</summary>
    public bool TryTake(long nowMs, out Deadline deadline)
    {
        if (_queue.TryPeek(out deadline, out var at) && at <= nowMs)
        {
            _ = _queue.Dequeue();
            return true;
        }

        deadline = default;
        return false;
    }
}

/// <summary>A reminder.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="GroupId">Which group; empty for the whole shard.</param>
/// <param name="MemberId">Which member; empty for the whole group.</param>
internal readonly record struct Deadline(DeadlineKind Kind, string GroupId, string MemberId);

/// <summary>The kinds of reminders.</summary>
internal enum DeadlineKind
{
    /// <summary>A classic member's session.</summary>
    ClassicSession,

    /// <summary>A member that was given an id and has not come back with it.</summary>
    ClassicPending,

    /// <summary>The end of a classic rebalance's join phase.</summary>
    ClassicJoin,

    /// <summary>The end of a classic rebalance's sync phase.</summary>
    ClassicSync,

    /// <summary>Committed offsets that nobody uses any more.</summary>
    OffsetExpiry,

    /// <summary>Anything of a consumer group (KIP-848).</summary>
    Consumer,
}
