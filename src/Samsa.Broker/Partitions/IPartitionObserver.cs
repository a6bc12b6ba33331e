namespace Samsa.Broker.Partitions;

/// <summary>Hears which partitions this broker leads, in the order of the metadata log.</summary>
internal interface IPartitionObserver
{
    /// <summary>This broker leads the partition; told again with each new leader epoch.</summary>
    void OnLed(Partition partition);

    /// <summary>This broker does not hold the partition any more.</summary>
    void OnDropped(Partition partition);

    /// <summary>A topic is gone.</summary>
    void OnTopicDeleted(string name);
}
