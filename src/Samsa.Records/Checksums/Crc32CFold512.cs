using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Samsa.Records;

/// <summary>Folds four 512-bit registers with VPCLMULQDQ: 256 bytes a round.</summary>
internal static class Crc32CFold512
{
    private const int Round = 4 * 64;

    internal static bool IsSupported => Pclmulqdq.V512.IsSupported && Avx512F.IsSupported && Sse42.X64.IsSupported;

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

        var a = Vector512.LoadUnsafe(ref at).AsUInt64() ^ Vector512.CreateScalar((ulong)state);
        var b = Vector512.LoadUnsafe(ref at, 64).AsUInt64();
        var c = Vector512.LoadUnsafe(ref at, 128).AsUInt64();
        var d = Vector512.LoadUnsafe(ref at, 192).AsUInt64();

        var by2048 = Pair(Crc32CConstants.Fold2048Low, Crc32CConstants.Fold2048High);
        for (; left >= Round; left -= Round, position += Round)
        {
            a = Fold(a, by2048, Vector512.LoadUnsafe(ref at, position).AsUInt64());
            b = Fold(b, by2048, Vector512.LoadUnsafe(ref at, position + 64).AsUInt64());
            c = Fold(c, by2048, Vector512.LoadUnsafe(ref at, position + 128).AsUInt64());
            d = Fold(d, by2048, Vector512.LoadUnsafe(ref at, position + 192).AsUInt64());
        }

        var by512 = Pair(Crc32CConstants.Fold512Low, Crc32CConstants.Fold512High);
        d = Fold(Fold(Fold(a, by512, b), by512, c), by512, d);
        for (; left >= 64; left -= 64, position += 64)
        {
            d = Fold(d, by512, Vector512.LoadUnsafe(ref at, position).AsUInt64());
        }

        return Crc32CScalar.Update(Reduce(d), data[(int)position..]);
    }

    /// <summary>The state after the 64 bytes that the register stands for.</summary>
    private static uint Reduce(Vector512<ulong> register)
    {
        // The first three lanes move over the lanes behind them; the last stays.
        var toLast = Vector512.Create(
            Crc32CConstants.Fold384Low, Crc32CConstants.Fold384High,
            Crc32CConstants.Fold256Low, Crc32CConstants.Fold256High,
            Crc32CConstants.Fold128Low, Crc32CConstants.Fold128High,
            0ul, 0ul);
        var moved = Fold(register, toLast, Vector512<ulong>.Zero);
        var halves = moved.GetLower() ^ moved.GetUpper();
        return Crc32CFold256.Finish(halves.GetLower() ^ halves.GetUpper() ^ register.GetUpper().GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> register, Vector512<ulong> constants, Vector512<ulong> next) =>
        Pclmulqdq.V512.CarrylessMultiply(register, constants, 0x00)
        ^ Pclmulqdq.V512.CarrylessMultiply(register, constants, 0x11)
        ^ next;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Pair(ulong low, ulong high) =>
        Vector512.Create(low, high, low, high, low, high, low, high);
}
