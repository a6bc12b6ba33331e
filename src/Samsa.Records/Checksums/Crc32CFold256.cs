using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Samsa.Records;

/// <summary>Folds four 256-bit registers with VPCLMULQDQ: 128 bytes a round.</summary>
internal static class Crc32CFold256
{
    private const int Round = 4 * 32;

    internal static bool IsSupported => Pclmulqdq.V256.IsSupported && Sse42.X64.IsSupported;

    /// <summary>Updates the raw state; the data may have any length.</summary>
    internal static uint Update(uint state, ReadOnlySpan<byte> data)
    {
        if (data.Length < Round)
        {
            return Crc32CScalar.Update(state, data);
        }

        ref var at = ref MemoryMarshal.GetReference(data);
        nuint position = Round;
        var left = (nuint)data.Length - Round;

        var a = Vector256.LoadUnsafe(ref at).AsUInt64() ^ Vector256.CreateScalar((ulong)state);
        var b = Vector256.LoadUnsafe(ref at, 32).AsUInt64();
        var c = Vector256.LoadUnsafe(ref at, 64).AsUInt64();
        var d = Vector256.LoadUnsafe(ref at, 96).AsUInt64();

        var by1024 = Pair(Crc32CConstants.Fold1024Low, Crc32CConstants.Fold1024High);
        for (; left >= Round; left -= Round, position += Round)
        {
            a = Fold(a, by1024, Vector256.LoadUnsafe(ref at, position).AsUInt64());
            b = Fold(b, by1024, Vector256.LoadUnsafe(ref at, position + 32).AsUInt64());
            c = Fold(c, by1024, Vector256.LoadUnsafe(ref at, position + 64).AsUInt64());
            d = Fold(d, by1024, Vector256.LoadUnsafe(ref at, position + 96).AsUInt64());
        }

        var by256 = Pair(Crc32CConstants.Fold256Low, Crc32CConstants.Fold256High);
        d = Fold(Fold(Fold(a, by256, b), by256, c), by256, d);
        for (; left >= 32; left -= 32, position += 32)
        {
            d = Fold(d, by256, Vector256.LoadUnsafe(ref at, position).AsUInt64());
        }

        var toLast = Vector256.Create(Crc32CConstants.Fold128Low, Crc32CConstants.Fold128High, 0ul, 0ul);
        var moved = Fold(d, toLast, Vector256<ulong>.Zero);
        var reduced = Finish(moved.GetLower() ^ moved.GetUpper() ^ d.GetUpper());
        return Crc32CScalar.Update(reduced, data[(int)position..]);
    }

    /// <summary>The state after the 16 bytes that the register stands for: they are congruent to the message so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Finish(Vector128<ulong> register) =>
        (uint)Sse42.X64.Crc32(Sse42.X64.Crc32(0, register.ToScalar()), register.GetElement(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Fold(Vector256<ulong> register, Vector256<ulong> constants, Vector256<ulong> next) =>
        Pclmulqdq.V256.CarrylessMultiply(register, constants, 0x00)
        ^ Pclmulqdq.V256.CarrylessMultiply(register, constants, 0x11)
        ^ next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pair(ulong low, ulong high) => Vector256.Create(low, high, low, high);
}
