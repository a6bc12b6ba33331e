namespace Samsa.Broker.Partitions;

/// <summary>Hears which partitions this broker leads, in the order of the metadata log.</summary>
internal interface IPartitionObserver
{
    /// <summary>This broker leads the partition; told again with each new leader epoch, and only then.</summary>
    void OnLed(Partition partition);

    /// <summary>This broker does not lead the partition any more; it follows, or does not hold it at all.</summary>
    void OnResigned(Partition partition);

    /// <summary>A topic is gone.</summary>
    void OnTopicDeleted(string name);
}
