namespace Samsa.Cluster.Tests.Checking;

/// <summary>What all clients of one topic did, written by many threads; an event stands after everything it depends on.</summary>
public sealed class History
{
    private readonly Lock _lock = new();
    private readonly List<HistoryEvent> _events = [];

    /// <summary>How many events there are now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _events.Count;
            }
        }
    }

    public void Add(HistoryEvent happened)
    {
        lock (_lock)
        {
            _events.Add(happened);
        }
    }

    public HistoryEvent[] ToArray()
    {
        lock (_lock)
        {
            return [.. _events];
        }
    }
}
