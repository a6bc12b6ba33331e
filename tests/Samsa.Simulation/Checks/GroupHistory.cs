using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>What a consumer group was told: who had which partition in which generation, and how far it has committed.</summary>
/// <param name="group">The group's id.</param>
internal sealed class GroupHistory(string group)
{
    private readonly Dictionary<(int Generation, TopicPartition Partition), string> _owners = [];
    private readonly SortedDictionary<string, (HashSet<TopicPartition> Partitions, long Heard)> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<TopicPartition, Offset> _acknowledged = [];
    private readonly Dictionary<TopicPartition, Offset> _tried = [];
    private readonly Dictionary<TopicPartition, Offset> _found = [];

    /// <summary>How many generations it has had.</summary>
    public int Generations => _owners.Keys.Select(k => k.Generation).Distinct().Count();

    /// <summary>How many commits were acknowledged.</summary>
    public int Commits { get; private set; }

    /// <summary>A member was given partitions.</summary>
    public void Assigned(int generation, string member, IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            Rule.Holds(
                _owners.TryAdd((generation, partition), member) || _owners[(generation, partition)] == member,
                "group",
                $"in generation {generation} of {group} {partition} belongs to {member} and to {_owners[(generation, partition)]}");
        }
    }

    /// <summary>
    /// A member of the new protocol has these partitions from now on, some of them maybe for long. Whoever else has one of them must have been given up by
    /// the coordinator, without knowing it: its session is over. The members take at once what they are given, so that what two lost answers may lead to
    /// (docs/reliability.md) cannot be.
    /// </summary>
    /// <param name="member">Which.</param>
    /// <param name="partitions">All it has now.</param>
    /// <param name="heard">When it sent the heartbeat whose answer tells so, in ticks.</param>
    /// <param name="now">Now, in ticks.</param>
    /// <param name="session">For how long the coordinator waits for a member.</param>
    public void Holds(string member, HashSet<TopicPartition> partitions, long heard, long now, TimeSpan session)
    {
        var before = _holders.GetValueOrDefault(member).Partitions ?? [];
        _holders[member] = (partitions, heard);
        foreach (var (other, (theirs, lastHeard)) in _holders)
        {
            // Clocks differ a little.
            var mayBeGone = now - lastHeard > session.Ticks * 99 / 100;
            if (other != member && !mayBeGone && theirs.FirstOrDefault(p => partitions.Contains(p) && !before.Contains(p)) is { Topic: not null } both)
            {
                Rule.Holds(false, "group", $"{both} of {group} is given to {member}, and {other} has it, which was heard {TimeSpan.FromTicks(now - lastHeard).TotalSeconds:0.0} s ago");
            }
        }
    }

    /// <summary>A member has nothing any more: it leaves, was told to begin anew, or is gone.</summary>
    public void HasNothing(string member) => _holders.Remove(member);

    /// <summary>A member is about to commit.</summary>
    public void Committing(TopicPartition partition, Offset offset) =>
        _tried[partition] = Offset.Max(offset, _tried.GetValueOrDefault(partition));

    /// <summary>A member was told that its commit is done.</summary>
    public void Committed(TopicPartition partition, Offset offset)
    {
        Commits++;
        _acknowledged[partition] = Offset.Max(offset, _acknowledged.GetValueOrDefault(partition));
    }

    /// <summary>How far is committed, as far as members were told.</summary>
    public Offset CommittedOf(TopicPartition partition) => _acknowledged.GetValueOrDefault(partition);

    /// <summary>How far the group has come: a commit whose answer got lost is seen by the next owner, who need not commit again.</summary>
    public Offset ReachedBy(TopicPartition partition) => Offset.Max(CommittedOf(partition), _found.GetValueOrDefault(partition));

    /// <summary>A new owner was told where to go on.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">What it was told; -1 where nothing is committed.</param>
    /// <param name="whenAsked">What had been acknowledged when it asked.</param>
    public void Found(TopicPartition partition, Offset offset, Offset whenAsked)
    {
        Rule.Holds(
            offset >= whenAsked || (offset == Offset.None && whenAsked == Offset.Zero),
            "commits",
            $"{group} had committed {whenAsked} of {partition}, and goes on from {offset}");
        _found[partition] = offset;
        Rule.Holds(offset <= _tried.GetValueOrDefault(partition), "commits", $"{group} goes on from {offset} of {partition}, which nobody committed");
    }
}
