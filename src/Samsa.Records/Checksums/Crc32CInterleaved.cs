using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Samsa.Records;

/// <summary>
/// Three independent streams of the CRC instruction, which has a latency of three and a throughput of one; PCLMULQDQ
/// joins them. For processors without the wide carry-less multiplication, and for native AOT, which compiles that one
/// only into programs that demand it of the processor.
/// </summary>
internal static class Crc32CInterleaved
{
    private const int LongStream = 4096;
    private const int ShortStream = 256;

    internal static bool IsSupported => Pclmulqdq.IsSupported && Sse42.X64.IsSupported;

    /// <summary>Updates the raw state; the data may have any length.</summary>
    internal static uint Update(uint state, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= 3 * LongStream; data = data[(3 * LongStream)..])
        {
            state = Three(state, data, LongStream, Crc32CConstants.Shift8192, Crc32CConstants.Shift4096);
        }

        for (; data.Length >= 3 * ShortStream; data = data[(3 * ShortStream)..])
        {
            state = Three(state, data, ShortStream, Crc32CConstants.Shift512, Crc32CConstants.Shift256);
        }

        return Crc32CScalar.Update(state, data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Three(uint state, ReadOnlySpan<byte> data, int length, ulong overTwo, ulong overOne)
    {
        ref var first = ref MemoryMarshal.GetReference(data);
        ref var second = ref Unsafe.Add(ref first, length);
        ref var third = ref Unsafe.Add(ref second, length);
        ulong a = state, b = 0, c = 0;
        nint last = length - sizeof(ulong);
        for (nint i = 0; i < last; i += sizeof(ulong))
        {
            a = Sse42.X64.Crc32(a, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, i)));
            b = Sse42.X64.Crc32(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref second, i)));
            c = Sse42.X64.Crc32(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref third, i)));
        }

        a = Sse42.X64.Crc32(a, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, last)));
        b = Sse42.X64.Crc32(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref second, last)));

        // The moved states enter with the last word of the third stream, whose CRC step finishes their reduction.
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref third, last)) ^ Multiply(a, overTwo) ^ Multiply(b, overOne);
        return (uint)Sse42.X64.Crc32(c, word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Multiply(ulong left, ulong right) =>
        Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(left), Vector128.CreateScalar(right), 0).ToScalar();
}
