using System.Globalization;

namespace Samsa.Interop.Tests.Groups;

/// <summary>
/// What the members of one group read and committed, and what that must look like: no record unread, the order of each partition
/// kept, nothing read again that was committed.
/// </summary>
internal sealed class GroupLedger(string topic, int partitions)
{
    private readonly Lock _lock = new();
    private readonly HashSet<long>[] _read = [.. Enumerable.Range(0, partitions).Select(_ => new HashSet<long>())];
    private readonly long[] _committed = new long[partitions];
    private readonly Dictionary<(string Member, int Partition), long> _next = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _history = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> _milestones = [];
    private long _distinct;
    private long _repeated;

    /// <summary>Commits that were refused: what they were for is read again.</summary>
    public int RefusedCommits { get; private set; }

    /// <summary>Records that were read, each counted once.</summary>
    public long Distinct
    {
        get
        {
            lock (_lock)
            {
                return _distinct;
            }
        }
    }

    /// <summary>Records that were read more than once.</summary>
    public long Repeated
    {
        get
        {
            lock (_lock)
            {
                return _repeated;
            }
        }
    }

    /// <summary>The offset that was last said to be committed, for each partition.</summary>
    public long[] Committed
    {
        get
        {
            lock (_lock)
            {
                return [.. _committed];
            }
        }
    }

    /// <summary>A member was given partitions: it begins anew there.</summary>
    public void OnAssigned(string member, IEnumerable<(string Topic, int Partition)> assigned)
    {
        lock (_lock)
        {
            int[] mine = [.. assigned.Where(p => p.Topic == topic).Select(p => p.Partition)];
            Note($"{member} gets {string.Join(',', mine)}");
            foreach (int partition in mine)
            {
                _next.Remove((member, partition));
            }
        }
    }

    public void OnRevoked(string member, IEnumerable<(string Topic, int Partition)> revoked)
    {
        lock (_lock)
        {
            Note($"{member} gives up {string.Join(',', revoked.Select(p => p.Partition))}");
        }
    }

    public void OnRead(string member, string from, int partition, IEnumerable<long> offsets)
    {
        if (from != topic)
        {
            return;
        }

        lock (_lock)
        {
            foreach (long offset in offsets)
            {
                bool begins = !_next.TryGetValue((member, partition), out long next);
                if (begins)
                {
                    Note($"{member} begins {partition} at {offset}, committed {_committed[partition]}");
                }
                else if (offset > next)
                {
                    Fault($"{member} jumps in partition {partition} from {next} to {offset}");
                }

                // Going back, too, is a beginning: some clients start over within one assignment after a failed request.
                if (offset != next && offset < _committed[partition])
                {
                    Fault($"{member} begins partition {partition} at {offset}, although {_committed[partition]} was committed");
                }

                _next[(member, partition)] = offset + 1;
                if (_read[partition].Add(offset))
                {
                    _distinct++;
                }
                else
                {
                    _repeated++;
                }
            }

            foreach ((long count, TaskCompletionSource reached) in _milestones)
            {
                if (_distinct >= count)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    public void OnCommitted(string from, int partition, long offset)
    {
        if (from != topic)
        {
            return;
        }

        lock (_lock)
        {
            _committed[partition] = Math.Max(_committed[partition], offset);
        }
    }

    public void OnCommitRefused(string member, string reason)
    {
        lock (_lock)
        {
            RefusedCommits++;
            Note($"{member} could not commit: {reason}");
        }
    }

    public void Note(string what)
    {
        lock (_lock)
        {
            _history.Add(DateTime.UtcNow.ToString("mm:ss.fff ", CultureInfo.InvariantCulture) + what);
        }
    }

    /// <summary>Waits until that many more records were read for the first time.</summary>
    public Task ReadsMoreAsync(long more)
    {
        lock (_lock)
        {
            return ReachesAsync(_distinct + more);
        }
    }

    /// <summary>Waits until everything up to those ends was read, and fails unless it was read as it should.</summary>
    public async Task CompleteAsync(long[] ends)
    {
        await ReachesAsync(ends.Sum());
        lock (_lock)
        {
            for (int p = 0; p < ends.Length; p++)
            {
                long[] unread = [.. Enumerable.Range(0, (int)ends[p]).Select(o => (long)o).Where(o => !_read[p].Contains(o)).Take(5)];
                Assert.True(unread.Length == 0, $"partition {p}: nobody read {string.Join(' ', unread)}...\n{History()}");
            }

            Assert.True(_faults.Count == 0, $"{string.Join('\n', _faults)}\n{History()}");
        }
    }

    public string History()
    {
        lock (_lock)
        {
            return string.Join('\n', _history.TakeLast(120));
        }
    }

    private async Task ReachesAsync(long count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_distinct >= count)
            {
                return;
            }

            _milestones.Add((count, reached));
        }

        try
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(45));
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{_distinct} records were read, {count} are expected\n{History()}", e);
        }
    }

    private void Fault(string what)
    {
        Note($"FAULT: {what}");
        _faults.Add(what);
    }
}
