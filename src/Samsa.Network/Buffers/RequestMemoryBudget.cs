using Samsa.Model;

namespace Samsa.Network;

/// <summary>
/// The bytes that requests of all connections may hold together (<c>queued.max.request.bytes</c>). When they are used up,
/// connections wait before they read on, first come first served. As in Kafka the last reservation may exceed the limit: a
/// request larger than the whole budget still gets through, alone.
/// </summary>
/// <remarks>
/// A frame reserves its whole size before its first large buffer and never again, so no connection waits for the budget while it
/// holds a part of it: waiting can't deadlock.
/// </remarks>
internal sealed class RequestMemoryBudget(long limit)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<BudgetWaiter> _waiters = new();
    private long _used;

    /// <summary>Bytes reserved now.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Whether connections wait for bytes.</summary>
    public bool IsContended
    {
        get
        {
            if (limit < 0)
            {
                return false;
            }

            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>Takes the bytes if there is room and nobody waits; otherwise queues the waiter, who is told when he has them.</summary>
    public bool TryReserve(long bytes, BudgetWaiter waiter)
    {
        lock (_lock)
        {
            if (limit < 0 || (_used < limit && _waiters.Count == 0))
            {
                _used += bytes;
                return true;
            }

            Invariant.Holds(waiter.Node.List is null);
            waiter.Bytes = bytes;
            waiter.IsGranted = false;
            _waiters.AddLast(waiter.Node);
            return false;
        }
    }

    /// <summary>Whether the queued waiter has got his bytes.</summary>
    public bool IsGranted(BudgetWaiter waiter)
    {
        lock (_lock)
        {
            return waiter.IsGranted;
        }
    }

    /// <summary>A waiter goes away: out of the queue, or his bytes back if he had just got them.</summary>
    public void Abandon(BudgetWaiter waiter)
    {
        lock (_lock)
        {
            if (!waiter.IsGranted)
            {
                _waiters.Remove(waiter.Node);
                return;
            }
        }

        Release(waiter.Bytes);
    }

    /// <summary>Gives bytes back and hands them to those who wait.</summary>
    public void Release(long bytes)
    {
        while (true)
        {
            BudgetWaiter next;
            lock (_lock)
            {
                _used -= bytes;
                bytes = 0;
                Invariant.Holds(_used >= 0);
                if (_used >= limit || _waiters.First is not { } first)
                {
                    return;
                }

                next = first.Value;
                _waiters.RemoveFirst();
                next.IsGranted = true;
                _used += next.Bytes;
            }

            next.Wake();
        }
    }
}

/// <summary>A connection's place in the queue for the budget.</summary>
internal sealed class BudgetWaiter
{
    private readonly Action _wake;

    /// <param name="wake">Called on the releasing thread: must only queue work.</param>
    public BudgetWaiter(Action wake)
    {
        _wake = wake;
        Node = new LinkedListNode<BudgetWaiter>(this);
    }

    public LinkedListNode<BudgetWaiter> Node { get; }

    public long Bytes { get; set; }

    public bool IsGranted { get; set; }

    public void Wake() => _wake();
}
