using ZstdSharp;

namespace Samsa.Records;

/// <summary>Zstandard, by a managed port of the original.</summary>
internal static class ZstdCodec
{
    internal const int DefaultLevel = 3;

    private static readonly ReusePool<Compressor> s_compressors = new(static () => new Compressor(DefaultLevel));

    internal static void Compress(ReadOnlySpan<byte> source, int level, RecordBuffer output)
    {
        var compressor = s_compressors.Rent();
        if (compressor.Level != level)
        {
            compressor.Level = level;
        }

        var destination = output.GetSpan(Compressor.GetCompressBound(source.Length));
        output.Advance(compressor.Wrap(source, destination));
        s_compressors.Return(compressor);
    }
}
