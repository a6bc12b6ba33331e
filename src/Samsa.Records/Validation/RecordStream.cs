using Samsa.Model;

namespace Samsa.Records;

/// <summary>Steps over records while they are decompressed piece by piece; keeps no more of them than a window.</summary>
internal ref struct RecordStream(IRecordDecoder decoder, Span<byte> window, long maxBytes)
{
    internal const int WindowSize = 64 * 1024;

    private readonly IRecordDecoder _decoder = decoder;
    private readonly Span<byte> _window = window;
    private readonly long _maxBytes = maxBytes;
    private int _position;
    private int _length;
    private long _total;

    private readonly long Consumed => _total - (_length - _position);

    /// <summary>Reads one record and feeds it to the checks.</summary>
    internal void ReadRecord(ref RecordChecks checks)
    {
        var length = ReadInt();
        var start = Consumed;
        if (length < BatchLayout.SmallestRecord - 1)
        {
            throw RecordLayout.Malformed("its length");
        }

        NextByte();
        var timestampDelta = ReadLong();
        var offsetDelta = ReadInt();
        var left = length - (Consumed - start);
        var keyLength = SkipField(ref left);
        SkipField(ref left);
        SkipHeaders(ref left);
        if (left != 0)
        {
            throw RecordLayout.Malformed("its length, which its fields do not fill");
        }

        checks.Add(timestampDelta, offsetDelta, keyLength >= 0);
    }

    /// <summary>Whether everything has been decompressed and read.</summary>
    internal bool IsAtEnd() => _position == _length && !TryFill();

    private void SkipHeaders(ref long left)
    {
        var before = Consumed;
        var count = ReadInt();
        left -= Consumed - before;
        if (count < 0 || count > left)
        {
            throw RecordLayout.Malformed("its header count");
        }

        for (var i = 0; i < count; i++)
        {
            if (SkipField(ref left) < 0)
            {
                throw RecordLayout.Malformed("a header");
            }

            SkipField(ref left);
        }
    }

    /// <summary>Steps over a length and as many bytes, within what is left of the record; returns the length, -1 for null.</summary>
    private int SkipField(ref long left)
    {
        var before = Consumed;
        var length = ReadInt();
        left -= Consumed - before;
        if (length < -1 || length > left)
        {
            throw RecordLayout.Malformed("its key, value or a header");
        }

        if (length > 0)
        {
            left -= length;
            Skip(length);
        }

        return length;
    }

    private void Skip(int count)
    {
        while (count > _length - _position)
        {
            count -= _length - _position;
            Fill();
        }

        _position += count;
    }

    private int ReadInt()
    {
        var raw = ReadUnsigned(Varint.MaxIntBytes);
        return raw <= uint.MaxValue ? Varint.Decode((uint)raw) : throw RecordLayout.Malformed("a number");
    }

    private long ReadLong() => Varint.Decode(ReadUnsigned(Varint.MaxLongBytes));

    private ulong ReadUnsigned(int maxBytes)
    {
        ulong value = 0;
        for (var i = 0; i < maxBytes; i++)
        {
            var next = NextByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80 && (i < Varint.MaxLongBytes - 1 || next <= 1))
            {
                return value;
            }
        }

        throw RecordLayout.Malformed("a number");
    }

    private byte NextByte()
    {
        if (_position == _length)
        {
            Fill();
        }

        return _window[_position++];
    }

    private void Fill()
    {
        if (!TryFill())
        {
            throw new InvalidRecordException(ErrorCode.InvalidRecord, "The batch ends before its last record does");
        }
    }

    private bool TryFill()
    {
        _position = 0;
        _length = _decoder.Read(_window);
        _total += _length;
        return _total <= _maxBytes ? _length > 0 : throw RecordDecompression.TooLarge(_maxBytes);
    }
}
