using Samsa.Model;

namespace Samsa.Simulation;

/// <summary>What must stay true of the whole cluster.</summary>
internal sealed class History
{
    private readonly SortedDictionary<string, PartitionHistory> _partitions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);

    /// <summary>The partitions seen so far, by name.</summary>
    public IEnumerable<PartitionHistory> Partitions => _partitions.Values;

    /// <summary>Says that a topic's records bear marks; before the first is written.</summary>
    public void HasMarks(string topic) => _marked.Add(topic);

    /// <summary>One partition's.</summary>
    public PartitionHistory Of(TopicPartition partition)
    {
        var name = partition.ToString();
        if (!_partitions.TryGetValue(name, out var found))
        {
            _partitions[name] = found = new PartitionHistory(partition, _marked.Contains(partition.Topic));
        }

        return found;
    }
}
