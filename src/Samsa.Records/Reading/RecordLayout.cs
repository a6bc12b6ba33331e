using System.Runtime.InteropServices;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>Where the parts of one record lie in the bytes it was parsed from.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RecordLayout
{
    internal long TimestampDelta;
    internal int OffsetDelta;

    /// <summary>Where the key's length starts: all that is neither timestamp nor offset.</summary>
    internal int Content;
    internal int Key;

    /// <summary>-1 for a null key.</summary>
    internal int KeyLength;
    internal int Value;

    /// <summary>-1 for a null value.</summary>
    internal int ValueLength;
    internal int HeaderCount;

    /// <summary>The first header; they reach to <see cref="End"/>.</summary>
    internal int Headers;
    internal int End;

    /// <summary>Parses the record at the position, every header included.</summary>
    /// <exception cref="InvalidRecordException">INVALID_RECORD: the record is malformed or cut short.</exception>
    internal static void Parse(ReadOnlySpan<byte> bytes, int position, out RecordLayout record)
    {
        record = default;
        if (!Varint.TryReadInt(bytes, ref position, out var length)
            || length < BatchLayout.SmallestRecord - 1
            || length > bytes.Length - position)
        {
            throw Malformed("its length");
        }

        record.End = position + length;
        bytes = bytes[..record.End];
        position++; // The record's own attributes: none are defined.
        if (!Varint.TryReadLong(bytes, ref position, out record.TimestampDelta)
            || !Varint.TryReadInt(bytes, ref position, out record.OffsetDelta))
        {
            throw Malformed("its timestamp or offset");
        }

        record.Content = position;
        if (!TryReadField(bytes, ref position, out record.Key, out record.KeyLength)
            || !TryReadField(bytes, ref position, out record.Value, out record.ValueLength))
        {
            throw Malformed("its key or value");
        }

        if (!Varint.TryReadInt(bytes, ref position, out record.HeaderCount) || record.HeaderCount < 0)
        {
            throw Malformed("its header count");
        }

        record.Headers = position;
        for (var i = 0; i < record.HeaderCount; i++)
        {
            if (!TryReadField(bytes, ref position, out _, out var keyLength)
                || keyLength < 0
                || !TryReadField(bytes, ref position, out _, out _))
            {
                throw Malformed("a header");
            }
        }

        if (position != record.End)
        {
            throw Malformed("its length, which its fields do not fill");
        }
    }

    /// <summary>Reads a length and steps over that many bytes; the length is -1 for null.</summary>
    internal static bool TryReadField(ReadOnlySpan<byte> bytes, ref int position, out int start, out int length)
    {
        var read = Varint.TryReadInt(bytes, ref position, out length);
        start = position;
        if (!read || length < -1 || length > bytes.Length - position)
        {
            return false;
        }

        position += Math.Max(length, 0);
        return true;
    }

    internal static InvalidRecordException Malformed(string what) =>
        new(ErrorCode.InvalidRecord, $"A record is malformed in {what}");
}
