using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Samsa.Protocol;

/// <summary>
/// Reads values of the protocol from a frame, in order. Nothing is read beyond the frame, and nothing is allocated that the
/// bytes left could not fill; every violation is a <see cref="ProtocolException"/>.
/// </summary>
public ref struct ProtocolReader
{
    private const int LongestString = short.MaxValue;
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _end;

    /// <summary>Reads from the start of a frame (without its size prefix).</summary>
    public ProtocolReader(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _bytes = frame.Span;
        _end = frame.Length;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left: of the frame, or of the tagged field that is being read.</summary>
    public readonly int Remaining => _end - _position;

    /// <summary>Reads one byte; everything but zero is true.</summary>
    public bool ReadBool() => Take(1)[0] != 0;

    /// <summary>Reads an <c>int8</c>.</summary>
    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    /// <summary>Reads an <c>int16</c>.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads a <c>uint16</c>.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Reads an <c>int32</c>.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads a <c>uint32</c>.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads an <c>int64</c>.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads a <c>float64</c>.</summary>
    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads a <c>uuid</c>.</summary>
    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>Reads an unsigned varint of at most five bytes and 31 bits: no length or tag is larger.</summary>
    public int ReadUnsignedVarint()
    {
        var first = Take(1)[0];
        return first < 0x80 ? first : ReadLongVarint(first);
    }

    /// <summary>Reads a string; bytes that are no UTF-8 become U+FFFD, as in Kafka.</summary>
    public string ReadString(bool compact) => ReadNullableString(compact) ?? ThrowNull<string>();

    /// <summary>Reads a string that may be null: any negative length says so, as in Kafka.</summary>
    public string? ReadNullableString(bool compact)
    {
        var length = compact ? ReadUnsignedVarint() - 1 : ReadInt16();
        if (length > LongestString)
        {
            ThrowMalformed($"a string of {length} bytes; the protocol allows {LongestString}");
        }

        return length switch
        {
            < 0 => null,
            0 => "",
            _ => Encoding.UTF8.GetString(Take(length)),
        };
    }

    /// <summary>Reads bytes, as a slice of the frame.</summary>
    public ReadOnlyMemory<byte> ReadBytes(bool compact) => ReadNullableBytes(compact) ?? ThrowNull<ReadOnlyMemory<byte>>();

    /// <summary>Reads bytes that may be null (any negative length), as a slice of the frame.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool compact)
    {
        var length = compact ? ReadUnsignedVarint() - 1 : ReadInt32();
        if (length < 0)
        {
            return null;
        }

        var start = _position;
        _ = Take(length);
        return _frame.Slice(start, length);
    }

    /// <summary>Reads records, as a slice of the frame.</summary>
    public RecordsPayload ReadRecords(bool compact) => new(ReadBytes(compact));

    /// <summary>Reads records that may be null, as a slice of the frame.</summary>
    public RecordsPayload ReadNullableRecords(bool compact) =>
        ReadNullableBytes(compact) is { } memory ? new RecordsPayload(memory) : RecordsPayload.Null;

    /// <summary>Reads what precedes a nullable struct: -1 for null, anything else for present.</summary>
    public bool ReadPresence() => ReadInt8() >= 0;

    /// <summary>Reads the count of an array, which the bytes left must be able to hold.</summary>
    /// <param name="compact">Whether the count is an unsigned varint.</param>
    /// <param name="minimumElementBytes">The fewest bytes one element can take; at least one.</param>
    public int ReadArrayLength(bool compact, int minimumElementBytes)
    {
        var count = ReadNullableArrayLength(compact, minimumElementBytes);
        return count >= 0 ? count : ThrowNull<int>();
    }

    /// <summary>Reads the count of an array that may be null: any negative count says so, as in Kafka, and is returned as -1.</summary>
    /// <param name="compact">Whether the count is an unsigned varint.</param>
    /// <param name="minimumElementBytes">The fewest bytes one element can take; at least one.</param>
    public int ReadNullableArrayLength(bool compact, int minimumElementBytes)
    {
        var count = compact ? ReadUnsignedVarint() - 1 : ReadInt32();
        if ((long)count * minimumElementBytes > Remaining)
        {
            ThrowMalformed($"an array of {count} elements of at least {minimumElementBytes} bytes");
        }

        return Math.Max(count, -1);
    }

    /// <summary>Reads elements of two bytes each.</summary>
    public T[] ReadInt16Elements<T>(int count)
        where T : unmanaged
    {
        var elements = NewArray<T>(count, sizeof(short));
        var values = MemoryMarshal.Cast<T, short>(elements.AsSpan());
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, short>(Take(count * sizeof(short))), values);
        return elements;
    }

    /// <summary>Reads elements of four bytes each.</summary>
    public T[] ReadInt32Elements<T>(int count)
        where T : unmanaged
    {
        var elements = NewArray<T>(count, sizeof(int));
        var values = MemoryMarshal.Cast<T, int>(elements.AsSpan());
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(Take(count * sizeof(int))), values);
        return elements;
    }

    /// <summary>Reads elements of eight bytes each.</summary>
    public T[] ReadInt64Elements<T>(int count)
        where T : unmanaged
    {
        var elements = NewArray<T>(count, sizeof(long));
        var values = MemoryMarshal.Cast<T, long>(elements.AsSpan());
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, long>(Take(count * sizeof(long))), values);
        return elements;
    }

    /// <summary>Reads how many tagged fields follow (KIP-482); each takes two bytes or more.</summary>
    public int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        if (count * 2L > Remaining)
        {
            ThrowMalformed($"{count} tagged fields");
        }

        return count;
    }

    /// <summary>Reads tag and size of a tagged field, and bounds what is read next to its value.</summary>
    /// <param name="outerEnd">To be handed to <see cref="EndTaggedField"/>.</param>
    /// <returns>The tag.</returns>
    public int BeginTaggedField(out int outerEnd)
    {
        var tag = ReadUnsignedVarint();
        var size = ReadUnsignedVarint();
        if (size > Remaining)
        {
            ThrowMalformed($"a tagged field of {size} bytes");
        }

        outerEnd = _end;
        _end = _position + size;
        return tag;
    }

    /// <summary>Passes over the rest of the tagged field.</summary>
    public void SkipToEnd() => _position = _end;

    /// <summary>Lifts the bound of <see cref="BeginTaggedField"/>; the value must have taken all its bytes.</summary>
    public void EndTaggedField(int outerEnd)
    {
        if (_position != _end)
        {
            ThrowMalformed("a tagged field longer than its value");
        }

        _end = outerEnd;
    }

    /// <summary>Passes over tagged fields none of which is known.</summary>
    public void SkipTaggedFields()
    {
        for (var left = ReadTagCount(); left > 0; left--)
        {
            _ = BeginTaggedField(out var outerEnd);
            _position = _end;
            _end = outerEnd;
        }
    }

    private int ReadLongVarint(byte first)
    {
        var value = (uint)(first & 0x7f);
        for (var shift = 7; shift <= 28; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                // The fifth byte holds the three highest of 31 bits.
                if (shift == 28 && next > 0x07)
                {
                    break;
                }

                return (int)value;
            }
        }

        return ThrowMalformed<int>("an unsigned varint of more than 31 bits");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        var start = _position;
        // A negative length, from an overflow, is as much too large.
        if ((uint)length > (uint)(_end - start))
        {
            ThrowMalformed($"{length} bytes");
        }

        _position = start + length;
        return _bytes.Slice(start, length);
    }

    private static T[] NewArray<T>(int count, int elementSize)
        where T : unmanaged
    {
        System.Diagnostics.Debug.Assert(Unsafe.SizeOf<T>() == elementSize, "The element type must be as wide as the wire type");
        return count == 0 ? [] : GC.AllocateUninitializedArray<T>(count);
    }

    [DoesNotReturn]
    private readonly T ThrowNull<T>() => throw new ProtocolException($"Null at byte {_position}, where the protocol wants a value");

    [DoesNotReturn]
    private readonly void ThrowMalformed(string what) =>
        throw new ProtocolException($"Malformed at byte {_position}: {what}, with {Remaining} bytes left");

    [DoesNotReturn]
    private readonly T ThrowMalformed<T>(string what)
    {
        ThrowMalformed(what);
        return default;
    }
}
