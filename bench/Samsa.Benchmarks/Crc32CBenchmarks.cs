using BenchmarkDotNet.Attributes;
using Samsa.Records;

namespace Samsa.Benchmarks;

/// <summary>Every path of the checksum over the sizes of batches.</summary>
public class Crc32CBenchmarks
{
    private byte[] _data = [];

    [Params(100, 1024, 16 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp() => new Random(1).NextBytes(_data = new byte[Size]);

    [Benchmark(Baseline = true)]
    public uint Dispatched() => Crc32C.Compute(_data);

    [Benchmark]
    public uint Fold512() => Crc32CFold512.IsSupported ? Crc32CFold512.Update(0, _data) : 0;

    [Benchmark]
    public uint Fold256() => Crc32CFold256.IsSupported ? Crc32CFold256.Update(0, _data) : 0;

    [Benchmark]
    public uint Interleaved() => Crc32CInterleaved.IsSupported ? Crc32CInterleaved.Update(0, _data) : 0;

    [Benchmark]
    public uint Scalar() => Crc32CScalar.Update(0, _data);
}
