using Samsa.Model;

namespace Samsa.Core.Groups.Consumer;

/// <summary>A partition by its topic's id and its index.</summary>
/// <param name="Topic">The topic's id.</param>
/// <param name="Partition">The index, from 0.</param>
internal readonly record struct TopicIdPartition(TopicId Topic, int Partition) : IComparable<TopicIdPartition>
{
    /// <inheritdoc/>
    public int CompareTo(TopicIdPartition other)
    {
        var byTopic = Topic.CompareTo(other.Topic);
        return byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);
    }
}

/// <summary>Partitions as messages and records list them: topic by topic, in order.</summary>
internal static class TopicIdPartitions
{
    /// <summary>Nothing.</summary>
    public static IReadOnlySet<TopicIdPartition> None { get; } = new HashSet<TopicIdPartition>();

    /// <summary>One entry per topic.</summary>
    public static T[] ByTopic<T>(this IEnumerable<TopicIdPartition> partitions, Func<TopicId, int[], T> entry) =>
    [
        .. partitions.Order().GroupBy(p => p.Topic).Select(t => entry(t.Key, [.. t.Select(p => p.Partition)])),
    ];

    /// <summary>The partitions of entries per topic.</summary>
    public static HashSet<TopicIdPartition> Flatten<T>(this IEnumerable<T> entries, Func<T, (TopicId Topic, int[] Partitions)> parts) =>
        [.. entries.Select(parts).SelectMany(e => e.Partitions.Select(p => new TopicIdPartition(e.Topic, p)))];
}
