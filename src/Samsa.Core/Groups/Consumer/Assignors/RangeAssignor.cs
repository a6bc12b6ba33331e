namespace Samsa.Core.Groups.Consumer.Assignors;

/// <summary>
/// Consecutive partitions of each topic to each member, the members in the same order for every topic: partitions of one
/// number in topics with as many partitions go to the same member, so that joins by key work. Who has something keeps its
/// place, so that less moves when others come.
/// </summary>
internal sealed class RangeAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "range";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, IReadOnlySet<TopicIdPartition>> Assign(IReadOnlyList<AssignableMember> members)
    {
        var order = members
            .OrderBy(m => m.Previous.Count == 0 ? int.MaxValue : m.Previous.Min(p => p.Partition))
            .ThenBy(m => m.InstanceId ?? m.Id, StringComparer.Ordinal)
            .ToArray();
        var assigned = order.ToDictionary(m => m.Id, _ => new HashSet<TopicIdPartition>(), StringComparer.Ordinal);
        foreach (var subscribers in order.SelectMany(m => m.Topics.Select(t => (Topic: t, Member: m))).GroupBy(s => s.Topic, s => s.Member.Id))
        {
            var (topic, ids, next) = (subscribers.Key, subscribers.ToArray(), 0);
            for (var i = 0; i < ids.Length; i++)
            {
                var end = next + (topic.Partitions / ids.Length) + (i < topic.Partitions % ids.Length ? 1 : 0);
                for (; next < end; next++)
                {
                    assigned[ids[i]].Add(new(topic.Id, next));
                }
            }
        }

        return assigned.ToDictionary(a => a.Key, a => (IReadOnlySet<TopicIdPartition>)a.Value, StringComparer.Ordinal);
    }
}
