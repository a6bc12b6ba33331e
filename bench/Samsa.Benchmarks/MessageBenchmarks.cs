using BenchmarkDotNet.Attributes;
using Samsa.Model;
using Samsa.Protocol;
using Samsa.Protocol.Messages;
using Samsa.Records;

namespace Samsa.Benchmarks;

/// <summary>Reading requests and writing answers of the hot APIs, for a number of partitions in one topic.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class MessageBenchmarks
{
    private const short ProduceVersion = 12;
    private const short FetchVersion = 16;
    private const short MetadataVersion = 12;

    private readonly byte[] _destination = new byte[4 << 20];
    private byte[] _produce = [];
    private byte[] _fetch = [];
    private ProduceResponse _produced = new();
    private FetchResponse _fetched = new();
    private MetadataResponse _metadata = new();

    [Params(1, 100)]
    public int Partitions { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var batch = SampleRecords.Batch(CompressionType.None, (1 << 20) / Partitions, 1000);
        var indexes = Enumerable.Range(0, Partitions).ToArray();
        _produce = Bytes(
            new ProduceRequest
            {
                Acks = 1, TimeoutMs = 30_000,
                TopicData = [new() { Name = "orders", PartitionData = [.. indexes.Select(i => new ProduceRequest.PartitionProduceData { Index = i, Records = new RecordsPayload(batch) })] }],
            },
            ProduceVersion);
        _fetch = Bytes(
            new FetchRequest
            {
                MaxWaitMs = 500, MinBytes = 1, MaxBytes = 50 << 20,
                Topics = [new() { TopicId = TopicId.Create(), Partitions = [.. indexes.Select(i => new FetchRequest.FetchPartition { Partition = i, FetchOffset = new Offset(i), PartitionMaxBytes = 1 << 20 })] }],
            },
            FetchVersion);
        _produced = new()
        {
            Responses = [new() { Name = "orders", PartitionResponses = [.. indexes.Select(i => new ProduceResponse.PartitionProduceResponse { Index = i, BaseOffset = new Offset(1000 + i) })] }],
        };
        _fetched = new()
        {
            Responses = [new() { TopicId = TopicId.Create(), Partitions = [.. indexes.Select(i => new FetchResponse.PartitionData { PartitionIndex = i, HighWatermark = new Offset(1000), Records = new RecordsPayload(batch) })] }],
        };
        _metadata = new()
        {
            Brokers = [new() { NodeId = new BrokerId(1), Host = "localhost", Port = 9092 }],
            Topics = [new() { Name = "orders", TopicId = TopicId.Create(), Partitions = [.. indexes.Select(i => new MetadataResponse.MetadataResponsePartition { PartitionIndex = i, LeaderId = new BrokerId(1), ReplicaNodes = [new BrokerId(1)], IsrNodes = [new BrokerId(1)] })] }],
        };
    }

    /// <summary>Requests of 1 MB: the records are not copied.</summary>
    [Benchmark]
    public object ReadProduceRequest() => Read(new ProduceRequest(), _produce, ProduceVersion);

    [Benchmark]
    public object ReadFetchRequest() => Read(new FetchRequest(), _fetch, FetchVersion);

    [Benchmark]
    public int WriteProduceResponse() => Write(_produced, ProduceVersion);

    /// <summary>Answers of 1 MB: the records are copied, once.</summary>
    [Benchmark]
    public int WriteFetchResponse() => Write(_fetched, FetchVersion);

    [Benchmark]
    public int WriteMetadataResponse() => Write(_metadata, MetadataVersion);

    private static IMessage Read(IMessage message, byte[] bytes, short version)
    {
        var reader = new ProtocolReader(bytes);
        message.Read(ref reader, version);
        return message;
    }

    private static byte[] Bytes(IMessage message, short version)
    {
        var bytes = new byte[message.ComputeSize(version)];
        var writer = new ProtocolWriter(bytes);
        message.Write(ref writer, version);
        return bytes;
    }

    private int Write(IMessage message, short version)
    {
        var writer = new ProtocolWriter(_destination.AsSpan(0, message.ComputeSize(version)));
        message.Write(ref writer, version);
        return writer.Written;
    }
}
