using System.Buffers;
using BenchmarkDotNet.Attributes;
using Samsa.Records;

namespace Samsa.Benchmarks;

/// <summary>Compression at default levels and decompression of the records of a batch.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class CodecBenchmarks
{
    private readonly RecordBuffer _output = new();
    private byte[] _plain = [];
    private byte[] _compressed = [];

    [Params(16 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    [Params(CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd)]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _plain = SampleRecords.Batch(CompressionType.None, Size, 500).AsSpan(BatchHeader.Length, Size).ToArray();
        RecordCompression.Compress(Codec, null, _plain, _output);
        _compressed = _output.Written.ToArray();
    }

    [Benchmark]
    public int Compress()
    {
        _output.Clear();
        RecordCompression.Compress(Codec, null, _plain, _output);
        return _output.Length;
    }

    [Benchmark]
    public int Decompress()
    {
        var length = RecordDecompression.DecompressAll(Codec, _compressed, int.MaxValue, out var rented).Length;
        ArrayPool<byte>.Shared.Return(rented!);
        return length;
    }
}
