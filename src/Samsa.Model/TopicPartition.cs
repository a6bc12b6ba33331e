namespace Samsa.Model;

/// <summary>A partition by its topic's name and its index.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The index, from 0.</param>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary>
    /// Java's hash of the two, and so the same in every process, which a string's own is not: who walks a table of
    /// partitions walks it in the same order when the simulator runs a seed again.
    /// </summary>
    public override int GetHashCode()
    {
        var hash = 0;
        foreach (var c in Topic)
        {
            hash = unchecked((31 * hash) + c);
        }

        return unchecked((31 * Partition) + hash);
    }

    /// <summary>The name of the partition's directory: <c>TOPIC-PARTITION</c>.</summary>
    public override string ToString() => $"{Topic}-{Partition}";
}
