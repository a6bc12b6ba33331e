using Samsa.Model;

namespace Samsa.Core.Groups.Consumer.Assignors;

/// <summary>
/// As many partitions to one member as to another, and as few as possible of them moved. Where all members subscribe to the
/// same topics, no two differ by more than one partition; where they don't, no single move would make them more alike.
/// </summary>
internal sealed class UniformAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlySet<TopicIdPartition>> Assign(IReadOnlyList<AssignableMember> members)
    {
        var shares = members.OrderBy(m => m.Id, StringComparer.Ordinal).Select(m => new Share(m)).ToArray();
        var free = Keep(shares);
        if (shares.All(s => s.Member.Topics.SequenceEqual(shares[0].Member.Topics)))
        {
            Level(shares, free);
        }
        else
        {
            Hand(shares, free);
            Balance(shares);
        }

        return shares.ToDictionary(s => s.Member.Id, s => (IReadOnlySet<TopicIdPartition>)new HashSet<TopicIdPartition>(s.Partitions), StringComparer.Ordinal);
    }

    // Everybody keeps what it had, where that still exists, is subscribed to, and is not somebody else's. Returns what is left.
    private static SortedSet<TopicIdPartition> Keep(Share[] shares)
    {
        var free = new SortedSet<TopicIdPartition>(
            shares.SelectMany(s => s.Member.Topics).Distinct().SelectMany(t => Enumerable.Range(0, t.Partitions).Select(p => new TopicIdPartition(t.Id, p))));
        foreach (var share in shares)
        {
            foreach (var partition in share.Member.Previous)
            {
                if (share.Topics.Contains(partition.Topic) && free.Remove(partition))
                {
                    _ = share.Partitions.Add(partition);
                }
            }
        }

        return free;
    }

    // One number for all, plus one for some: those that have more already keep the one more.
    private static void Level(Share[] shares, SortedSet<TopicIdPartition> free)
    {
        var total = free.Count + shares.Sum(s => s.Partitions.Count);
        var (least, extras) = shares.Length == 0 ? (0, 0) : (total / shares.Length, total % shares.Length);
        foreach (var share in shares.OrderByDescending(s => s.Partitions.Count))
        {
            var quota = least + (extras > 0 && share.Partitions.Count > least ? 1 : 0);
            extras -= quota - least;
            while (share.Partitions.Count > quota)
            {
                var last = share.Partitions.Max;
                _ = share.Partitions.Remove(last);
                _ = free.Add(last);
            }
        }

        foreach (var share in shares)
        {
            // Who has less than the number gets up to it; one more where nobody had it.
            var quota = share.Partitions.Count > least ? share.Partitions.Count : least + (extras > 0 ? 1 : 0);
            extras -= share.Partitions.Count > least ? 0 : quota - least;
            while (share.Partitions.Count < quota)
            {
                var first = free.Min;
                _ = free.Remove(first);
                _ = share.Partitions.Add(first);
            }
        }
    }

    // Topics that few want come first: who wants many has a choice.
    private static void Hand(Share[] shares, SortedSet<TopicIdPartition> free)
    {
        foreach (var topic in free.GroupBy(p => p.Topic).Select(t => (Subscribers: shares.Where(s => s.Topics.Contains(t.Key)).ToArray(), Partitions: t)).OrderBy(t => t.Subscribers.Length))
        {
            foreach (var partition in topic.Partitions)
            {
                _ = topic.Subscribers.MinBy(s => s.Partitions.Count)!.Partitions.Add(partition);
            }
        }
    }

    // Each move lowers the sum of the squares, so this ends.
    private static void Balance(Share[] shares)
    {
        var byTopic = shares.SelectMany(s => s.Topics.Select(t => (Topic: t, Share: s))).GroupBy(s => s.Topic, s => s.Share).OrderBy(t => t.Key).ToArray();
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var topic in byTopic)
            {
                while (true)
                {
                    var least = topic.MinBy(s => s.Partitions.Count)!;
                    var most = topic.Where(s => s.FindOf(topic.Key) is not null).MaxBy(s => s.Partitions.Count);
                    if (most is null || most.Partitions.Count < least.Partitions.Count + 2)
                    {
                        break;
                    }

                    var partition = most.FindOf(topic.Key)!.Value;
                    _ = most.Partitions.Remove(partition);
                    _ = least.Partitions.Add(partition);
                    moved = true;
                }
            }
        }
    }

    private sealed class Share(AssignableMember member)
    {
        public AssignableMember Member => member;

        public HashSet<TopicId> Topics { get; } = [.. member.Topics.Select(t => t.Id)];

        public SortedSet<TopicIdPartition> Partitions { get; } = [];

        /// <summary>A partition of that topic, or null where it has none.</summary>
        public TopicIdPartition? FindOf(TopicId topic)
        {
            // The count of a view would be counted; its least element is found.
            var first = Partitions.GetViewBetween(new(topic, 0), new(topic, int.MaxValue)).Min;
            return first.Topic == topic ? first : null;
        }
    }
}
