using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <summary>
/// Who waits for something to happen to a partition: consumers and producers for what is committed, followers for what is
/// appended. Used under the partition's lock; whom to wake is collected and told outside of it.
/// </summary>
internal sealed class PartitionWaits
{
    private readonly List<FetchWaiter> _consumers = [];
    private readonly List<FetchWaiter> _followers = [];
    private readonly List<FetchWaiter> _hearsCommits = [];
    private readonly List<CommitWait> _commits = [];
    private readonly List<CommitWait> _deletions = [];
    private long _uncommittedBytes;

    /// <summary>Adds a consumer, which stays until it is removed: one commit may not be enough for it.</summary>
    public void AddConsumer(FetchWaiter waiter) => _consumers.Add(waiter);

    /// <summary>Adds a follower.</summary>
    /// <param name="waiter">Its fetch.</param>
    /// <param name="wantsCommits">Whether it must look again when the high watermark moves, too.</param>
    public void AddFollower(FetchWaiter waiter, bool wantsCommits)
    {
        _followers.Add(waiter);
        if (wantsCommits)
        {
            _hearsCommits.Add(waiter);
        }
    }

    /// <summary>Removes a consumer or follower.</summary>
    public void Remove(FetchWaiter waiter)
    {
        if (!_consumers.Remove(waiter) && _followers.Remove(waiter))
        {
            _hearsCommits.Remove(waiter);
        }
    }

    /// <summary>Whether somebody waits for the low watermark.</summary>
    public bool HasDeletions => _deletions.Count > 0;

    /// <summary>Adds a producer.</summary>
    public void Add(CommitWait wait)
    {
        if (_commits.Count > 0 && _commits[0].Completion.IsCompleted)
        {
            _commits.RemoveAll(c => c.Completion.IsCompleted);
        }

        _commits.Add(wait);
    }

    /// <summary>Adds somebody who deleted records and waits until they are gone everywhere.</summary>
    public void AddDeletion(CommitWait wait) => _deletions.Add(wait);

    /// <summary>The low watermark may have moved.</summary>
    public void OnLowWatermark(Offset lowWatermark, ref Wakes wakes)
    {
        wakes.Deletions = _deletions.FindAll(d => d.End <= lowWatermark);
        _deletions.RemoveAll(d => d.End <= lowWatermark || d.Completion.IsCompleted);
    }

    /// <summary>The log holds records of which nobody here knows how many bytes they are, for example at the begin of a leadership.</summary>
    public void AssumeUncommitted() => _uncommittedBytes = int.MaxValue;

    /// <summary>Records were appended.</summary>
    public void OnAppended(int bytes, ref Wakes wakes)
    {
        _uncommittedBytes += bytes;
        if (_followers.Count > 0)
        {
            (wakes.Followers, wakes.AppendedBytes) = ([.. _followers], bytes);
        }
    }

    /// <summary>The high watermark moved.</summary>
    public void OnCommitted(Offset highWatermark, ref Wakes wakes)
    {
        // All of it, though some may not be committed yet: in sum nobody is told less than there is.
        var bytes = _uncommittedBytes;
        _uncommittedBytes = 0;
        if (_consumers.Count > 0)
        {
            (wakes.Consumers, wakes.CommittedBytes) = ([.. _consumers], bytes);
        }

        if (_hearsCommits.Count > 0)
        {
            wakes.Ended = [.. _hearsCommits];
        }

        if (_commits.Count > 0)
        {
            wakes.Commits = _commits.FindAll(c => c.End <= highWatermark);
            _commits.RemoveAll(c => c.End <= highWatermark || c.Completion.IsCompleted);
        }
    }

    /// <summary>Producers get an error instead.</summary>
    public void Fail(ErrorCode error, ref Wakes wakes)
    {
        if (_commits.Count > 0)
        {
            (wakes.Commits, wakes.Error) = ([.. _commits], error);
            _commits.Clear();
        }
    }

    /// <summary>The partition's role changes, or it goes: everybody looks again.</summary>
    public void End(ref Wakes wakes)
    {
        Fail(ErrorCode.NotLeaderOrFollower, ref wakes);
        (wakes.Deletions, wakes.DeletionError) = ([.. _deletions], ErrorCode.NotLeaderOrFollower);
        _deletions.Clear();
        wakes.Ended = [.. _consumers, .. _followers];
    }
}

/// <summary>Whom to wake, and why.</summary>
internal struct Wakes
{
    /// <summary>Followers that wait.</summary>
    public List<FetchWaiter>? Followers;

    /// <summary>How many bytes were appended.</summary>
    public long AppendedBytes;

    /// <summary>Consumers that wait.</summary>
    public List<FetchWaiter>? Consumers;

    /// <summary>How many bytes were committed, at least.</summary>
    public long CommittedBytes;

    /// <summary>Producers whose wait is over.</summary>
    public List<CommitWait>? Commits;

    /// <summary>What they are told.</summary>
    public ErrorCode Error;

    /// <summary>Deletions whose wait is over.</summary>
    public List<CommitWait>? Deletions;

    /// <summary>What those are told.</summary>
    public ErrorCode DeletionError;

    /// <summary>Fetches of all kinds that must look again.</summary>
    public List<FetchWaiter>? Ended;

    /// <summary>Wakes them. Not under a lock.</summary>
    public readonly void Run()
    {
        foreach (var waiter in Followers ?? [])
        {
            waiter.OnBytes(AppendedBytes);
        }

        foreach (var waiter in Consumers ?? [])
        {
            waiter.OnBytes(CommittedBytes);
        }

        foreach (var wait in Commits ?? [])
        {
            wait.Complete(Error);
        }

        foreach (var wait in Deletions ?? [])
        {
            wait.Complete(DeletionError);
        }

        foreach (var waiter in Ended ?? [])
        {
            waiter.Wake();
        }
    }
}
