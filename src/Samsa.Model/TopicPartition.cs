namespace Samsa.Model;

/// <summary>A partition by its topic's name and its index.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The index, from 0.</param>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary>The name of the partition's directory: <c>TOPIC-PARTITION</c>.</summary>
    public override string ToString() => $"{Topic}-{Partition}";
}
