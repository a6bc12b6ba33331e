using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Samsa.Protocol;

/// <summary>
/// Writes values of the protocol into a span, in order. The span comes from <see cref="IMessage.ComputeSize"/>; one that is
/// too short is a bug and throws what spans throw.
/// </summary>
public ref struct ProtocolWriter
{
    private const int LongestString = short.MaxValue;
    private readonly Span<byte> _destination;
    private int _written;

    /// <summary>Writes from the start of a span.</summary>
    public ProtocolWriter(Span<byte> destination) => _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public readonly int Written => _written;

    /// <summary>Writes one byte, 1 for true.</summary>
    public void WriteBool(bool value) => Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an <c>int8</c>.</summary>
    public void WriteInt8(sbyte value) => Take(1)[0] = (byte)value;

    /// <summary>Writes an <c>int16</c>.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    /// <summary>Writes a <c>uint16</c>.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    /// <summary>Writes an <c>int32</c>.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    /// <summary>Writes a <c>uint32</c>.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    /// <summary>Writes an <c>int64</c>.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    /// <summary>Writes a <c>float64</c>.</summary>
    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(8), value);

    /// <summary>Writes a <c>uuid</c>.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    /// <summary>Writes an unsigned varint: seven bits per byte, lowest first.</summary>
    public void WriteUnsignedVarint(int value)
    {
        var left = (uint)value;
        while (left >= 0x80)
        {
            Take(1)[0] = (byte)(left | 0x80);
            left >>= 7;
        }

        Take(1)[0] = (byte)left;
    }

    /// <summary>Writes a string.</summary>
    /// <exception cref="ProtocolException">It has more than 32,767 bytes.</exception>
    public void WriteString(string value, bool compact)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > LongestString)
        {
            throw new ProtocolException($"A string of {length} bytes; the protocol allows {LongestString}");
        }

        if (compact)
        {
            WriteUnsignedVarint(length + 1);
        }
        else
        {
            WriteInt16((short)length);
        }

        _ = Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Writes a string that may be null.</summary>
    /// <exception cref="ProtocolException">It has more than 32,767 bytes.</exception>
    public void WriteNullableString(string? value, bool compact)
    {
        if (value is not null)
        {
            WriteString(value, compact);
        }
        else if (compact)
        {
            WriteUnsignedVarint(0);
        }
        else
        {
            WriteInt16(-1);
        }
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(ReadOnlyMemory<byte> value, bool compact)
    {
        WriteArrayLength(value.Length, compact);
        value.Span.CopyTo(Take(value.Length));
    }

    /// <summary>Writes bytes that may be null.</summary>
    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool compact)
    {
        if (value is { } bytes)
        {
            WriteBytes(bytes, compact);
        }
        else
        {
            WriteNullArray(compact);
        }
    }

    /// <summary>Writes records, straight from where they are.</summary>
    public void WriteRecords(RecordsPayload value, bool compact)
    {
        if (value.IsNull)
        {
            WriteNullArray(compact);
            return;
        }

        var length = value.Length;
        WriteArrayLength(length, compact);
        value.CopyTo(Take(length));
    }

    /// <summary>Writes what precedes a nullable struct.</summary>
    public void WritePresence(bool present) => WriteInt8(present ? (sbyte)1 : (sbyte)-1);

    /// <summary>Writes the count of an array, or the length of bytes.</summary>
    public void WriteArrayLength(int count, bool compact)
    {
        if (compact)
        {
            WriteUnsignedVarint(count + 1);
        }
        else
        {
            WriteInt32(count);
        }
    }

    /// <summary>Writes what stands for a null array, or for null bytes.</summary>
    public void WriteNullArray(bool compact) => WriteArrayLength(-1, compact);

    /// <summary>Writes elements of two bytes each, without their count.</summary>
    public void WriteInt16Elements<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        BinaryPrimitives.ReverseEndianness(
            MemoryMarshal.Cast<T, short>(values),
            MemoryMarshal.Cast<byte, short>(Take(values.Length * sizeof(short))));

    /// <summary>Writes elements of four bytes each, without their count.</summary>
    public void WriteInt32Elements<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        BinaryPrimitives.ReverseEndianness(
            MemoryMarshal.Cast<T, int>(values),
            MemoryMarshal.Cast<byte, int>(Take(values.Length * sizeof(int))));

    /// <summary>Writes elements of eight bytes each, without their count.</summary>
    public void WriteInt64Elements<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        BinaryPrimitives.ReverseEndianness(
            MemoryMarshal.Cast<T, long>(values),
            MemoryMarshal.Cast<byte, long>(Take(values.Length * sizeof(long))));

    /// <summary>Writes tag and size of a tagged field; its value comes next.</summary>
    public void WriteTag(int tag, int valueSize)
    {
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint(valueSize);
    }

    private Span<byte> Take(int length)
    {
        var span = _destination.Slice(_written, length);
        _written += length;
        return span;
    }
}
