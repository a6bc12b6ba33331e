using Samsa.Model;

namespace Samsa.Broker.Metrics;

/// <summary>What went through one partition since the start. Counting is an addition; nobody is told until somebody asks.</summary>
/// <param name="partition">The partition.</param>
public sealed class PartitionTraffic(TopicPartition partition)
{
    private long _bytesIn;
    private long _bytesOut;
    private long _recordsIn;

    /// <summary>Bytes of batches appended.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes of batches fetched by consumers.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Records appended.</summary>
    public long RecordsIn => Interlocked.Read(ref _recordsIn);

    internal KeyValuePair<string, object?>[] Tags { get; } =
        [new("topic", partition.Topic), new("partition", partition.Partition)];

    /// <summary>Batches were appended.</summary>
    public void Appended(int bytes, int records)
    {
        Interlocked.Add(ref _bytesIn, bytes);
        Interlocked.Add(ref _recordsIn, records);
    }

    /// <summary>Batches were handed to a consumer.</summary>
    public void Fetched(int bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
