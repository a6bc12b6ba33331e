using BenchmarkDotNet.Attributes;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Benchmarks;

/// <summary>The leader's check, building and reading of uncompressed and LZ4 batches of 1 MB.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class BatchBenchmarks
{
    private static readonly BatchRules s_rules = new() { MaxMessageBytes = int.MaxValue, TimestampAfterMaxMs = long.MaxValue };

    private readonly RecordBatchBuilder _builder = new();
    private byte[] _batch = [];
    private List<byte[]> _values = [];

    [Params(1024 * 1024)]
    public int Size { get; set; }

    [Params(50, 1000)]
    public int ValueBytes { get; set; }

    [Params(CompressionType.None, CompressionType.Lz4)]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _values = SampleRecords.Values(Size, ValueBytes);
        _batch = SampleRecords.Batch(Codec, Size, ValueBytes);
        _builder.Compression = Codec;
    }

    [Benchmark]
    public ErrorCode Validate() => BatchValidator.Validate(_batch, s_rules, 1_700_000_000_000).Error;

    [Benchmark]
    public int Build()
    {
        _builder.Clear();
        foreach (var value in _values)
        {
            _builder.Append(1_700_000_000_000, null, value);
        }

        return _builder.Build().Length;
    }

    [Benchmark]
    public long Read()
    {
        var bytes = 0L;
        foreach (var record in RecordBatch.Records(_batch, int.MaxValue))
        {
            bytes += record.Value.Length;
        }

        return bytes;
    }
}
