using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Samsa.Records;

/// <summary>
/// One stream of the processor's CRC instruction (SSE 4.2, Arm CRC), or the runtime's table where there is none.
/// Works on the raw state: the caller complements before and after.
/// </summary>
internal static class Crc32CScalar
{
    internal static uint Update(uint state, ReadOnlySpan<byte> data)
    {
        ref var at = ref MemoryMarshal.GetReference(data);
        var left = data.Length;
        for (; left >= sizeof(ulong); left -= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, LittleEndian(Unsafe.ReadUnaligned<ulong>(ref at)));
            at = ref Unsafe.Add(ref at, sizeof(ulong));
        }

        for (; left > 0; left--)
        {
            state = BitOperations.Crc32C(state, at);
            at = ref Unsafe.Add(ref at, 1);
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong LittleEndian(ulong value) =>
        BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
}
