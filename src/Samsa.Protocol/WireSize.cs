using System.Numerics;
using System.Text;

namespace Samsa.Protocol;

/// <summary>How many bytes values take on the wire; compact lengths are unsigned varints of the length plus one (KIP-482).</summary>
internal static class WireSize
{
    /// <summary>Bytes of an unsigned varint: one per seven bits.</summary>
    public static int UnsignedVarint(int value) => (38 - BitOperations.LeadingZeroCount((uint)value | 1)) / 7;

    public static int String(string? value, bool compact)
    {
        var length = value is null ? 0 : Encoding.UTF8.GetByteCount(value);
        return length + (compact ? UnsignedVarint(length + 1) : 2);
    }

    public static int Bytes(int length, bool compact) => length + (compact ? UnsignedVarint(length + 1) : 4);

    public static int ArrayLength(int count, bool compact) => compact ? UnsignedVarint(count + 1) : 4;

    public static int FixedArray(int count, int elementSize, bool compact) => ArrayLength(count, compact) + (count * elementSize);

    public static int TaggedField(int tag, int valueSize) => UnsignedVarint(tag) + UnsignedVarint(valueSize) + valueSize;
}
