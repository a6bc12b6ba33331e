using System.Numerics;
using System.Runtime.CompilerServices;

namespace Samsa.Records;

/// <summary>Zig-zag variable-length integers, as records use them: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    internal const int MaxIntBytes = 5;
    internal const int MaxLongBytes = 10;

    /// <summary>Reads at the position and moves it on. False where the bytes end early or the value needs more than 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReadInt(ReadOnlySpan<byte> bytes, ref int position, out int value)
    {
        if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
        {
            value = Decode((uint)bytes[position++]);
            return true;
        }

        var read = TryReadUnsigned(bytes, ref position, MaxIntBytes, out var raw) && raw <= uint.MaxValue;
        value = Decode((uint)raw);
        return read;
    }

    /// <summary>Reads at the position and moves it on. False where the bytes end early or the value needs more than 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryReadLong(ReadOnlySpan<byte> bytes, ref int position, out long value)
    {
        if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
        {
            value = Decode((ulong)bytes[position++]);
            return true;
        }

        var read = TryReadUnsigned(bytes, ref position, MaxLongBytes, out var raw);
        value = Decode(raw);
        return read;
    }

    /// <summary>Writes the value and returns how many bytes it took; the destination must have room for them.</summary>
    internal static int Write(Span<byte> destination, long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        var written = 0;
        for (; raw >= 0x80; raw >>= 7)
        {
            destination[written++] = (byte)(raw | 0x80);
        }

        destination[written++] = (byte)raw;
        return written;
    }

    /// <summary>How many bytes the value takes.</summary>
    internal static int Size(long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        return (BitOperations.Log2(raw | 1) / 7) + 1;
    }

    internal static int Decode(uint raw) => (int)(raw >> 1) ^ -(int)(raw & 1);

    internal static long Decode(ulong raw) => (long)(raw >> 1) ^ -(long)(raw & 1);

    private static bool TryReadUnsigned(ReadOnlySpan<byte> bytes, ref int position, int maxBytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < maxBytes && (uint)position < (uint)bytes.Length; i++)
        {
            var next = bytes[position++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return i < MaxLongBytes - 1 || next <= 1;
            }
        }

        return false;
    }
}
