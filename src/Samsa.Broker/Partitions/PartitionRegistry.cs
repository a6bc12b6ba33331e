using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Samsa.Core.Metadata;
using Samsa.Model;

namespace Samsa.Broker.Partitions;

/// <summary>The partitions this broker holds, by name.</summary>
internal sealed class PartitionRegistry
{
    private readonly ConcurrentDictionary<TopicPartition, Partition> _partitions = new();

    /// <summary>How many.</summary>
    public int Count => _partitions.Count;

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Partition> All => _partitions.Values;

    /// <summary>Looks one up.</summary>
    public bool TryGet(string topic, int partition, [NotNullWhen(true)] out Partition? found) =>
        _partitions.TryGetValue(new TopicPartition(topic, partition), out found);

    /// <summary>What to answer about a partition that is not here: another broker has it, or there is none.</summary>
    public static ErrorCode WhyNotHere(MetadataImage image, string topic, int partition) =>
        image.TopicByName(topic) is { } known && partition >= 0 && partition < known.Partitions.Count
            ? ErrorCode.NotLeaderOrFollower
            : ErrorCode.UnknownTopicOrPartition;

    /// <summary>Adds one.</summary>
    public void Add(Partition partition) => Invariant.Holds(_partitions.TryAdd(partition.Name, partition));

    /// <summary>Takes one out and closes it.</summary>
    public void Remove(TopicPartition name)
    {
        if (_partitions.TryRemove(name, out var partition))
        {
            partition.Close();
        }
    }
}
