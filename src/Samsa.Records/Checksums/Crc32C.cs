using System.Runtime.CompilerServices;

namespace Samsa.Records;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of a record batch, by the fastest way the processor offers:
/// carry-less multiplication on 512 or 256 bits, three interleaved streams of the CRC instruction, or that
/// instruction alone.
/// </summary>
public static class Crc32C
{
    // Below this, setting up a fold costs what it saves.
    private const int FoldFrom = 256;

    /// <summary>The checksum of the bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>Continues a checksum: <c>Append(Compute(a), b)</c> is the checksum of a followed by b.</summary>
    /// <param name="crc">The checksum of what came before; 0 for nothing.</param>
    /// <param name="data">The bytes that follow.</param>
    public static uint Append(uint crc, ReadOnlySpan<byte> data) =>
        data.Length < FoldFrom ? ~Crc32CScalar.Update(~crc, data) : ~UpdateLong(~crc, data);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint UpdateLong(uint state, ReadOnlySpan<byte> data)
    {
        if (Crc32CFold512.IsSupported)
        {
            return Crc32CFold512.Update(state, data);
        }

        if (Crc32CFold256.IsSupported)
        {
            return Crc32CFold256.Update(state, data);
        }

        return Crc32CInterleaved.IsSupported
            ? Crc32CInterleaved.Update(state, data)
            : Crc32CScalar.Update(state, data);
    }
}
