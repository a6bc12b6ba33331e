using System.Buffers;
using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Samsa.Records;

/// <summary>
/// Reads an LZ4 frame block by block. Bytes after the frame are ignored, as the Java client does; the content checksum is
/// left to the batch's own.
/// </summary>
internal sealed class Lz4Decoder : IRecordDecoder
{
    private ReadOnlyMemory<byte> _rest;
    private byte _flags;
    private int _maxBlock;
    private bool _ended;

    // Where blocks are linked, up to 64 KB of history; then the block at hand.
    private byte[]? _buffer;
    private int _position;
    private int _length;

    private bool Independent => (_flags & Lz4Frame.IndependentBlocks) != 0;

    public void Open(ReadOnlyMemory<byte> compressed)
    {
        _ended = false;
        _position = 0;
        _length = 0;
        _rest = compressed;
        if (compressed.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(compressed.Span) != Lz4Frame.Magic)
        {
            throw Corrupt("no frame header");
        }

        var header = compressed.Span[4..];
        _flags = header[0];
        _maxBlock = Lz4Frame.MaxBlockSize(header[1]);
        const int refused = Lz4Frame.ReservedFlag | Lz4Frame.DictionaryId;
        if ((_flags & Lz4Frame.VersionMask) != Lz4Frame.Version
            || (_flags & refused) != 0
            || (header[1] & Lz4Frame.ReservedBlockBits) != 0
            || _maxBlock == 0)
        {
            throw Corrupt("the frame header asks for what is not supported");
        }

        var descriptor = 2 + ((_flags & Lz4Frame.ContentSize) != 0 ? sizeof(ulong) : 0);
        if (header.Length <= descriptor || header[descriptor] != Lz4Frame.HeaderChecksum(header[..descriptor]))
        {
            throw Corrupt("the frame header's checksum is wrong");
        }

        _rest = compressed[(4 + descriptor + 1)..];
    }

    public int Read(Span<byte> destination)
    {
        while (_position == _length)
        {
            if (_ended || !TakeBlock(out var block, out var stored))
            {
                return 0;
            }

            if (Independent && destination.Length >= _maxBlock)
            {
                var direct = Decode(block, stored, destination[.._maxBlock], default);
                if (direct > 0)
                {
                    return direct;
                }
            }
            else
            {
                DecodeToBuffer(block, stored);
            }
        }

        var count = Math.Min(destination.Length, _length - _position);
        _buffer.AsSpan(_position, count).CopyTo(destination);
        _position += count;
        return count;
    }

    public void Close()
    {
        _rest = default;
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void DecodeToBuffer(ReadOnlySpan<byte> block, bool stored)
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(Lz4Frame.History + _maxBlock);
        var kept = 0;
        if (!Independent)
        {
            kept = Math.Min(_length, Lz4Frame.History);
            _buffer.AsSpan(_length - kept, kept).CopyTo(_buffer);
        }

        _position = kept;
        _length = kept + Decode(block, stored, _buffer.AsSpan(kept, _maxBlock), _buffer.AsSpan(0, kept));
    }

    private static int Decode(ReadOnlySpan<byte> block, bool stored, Span<byte> destination, ReadOnlySpan<byte> history)
    {
        if (stored)
        {
            if (block.Length > destination.Length)
            {
                throw Corrupt("a block is larger than the frame allows");
            }

            block.CopyTo(destination);
            return block.Length;
        }

        var written = history.IsEmpty
            ? LZ4Codec.Decode(block, destination)
            : LZ4Codec.Decode(block, destination, history);
        return written >= 0 ? written : throw Corrupt("a block is damaged");
    }

    /// <summary>The next block's bytes; false at the frame's end.</summary>
    private bool TakeBlock(out ReadOnlySpan<byte> block, out bool stored)
    {
        var raw = TakeUInt32();
        stored = (raw & Lz4Frame.Stored) != 0;
        var length = raw & ~Lz4Frame.Stored;
        block = default;
        if (raw == 0)
        {
            _ended = true;
            return false;
        }

        if (length > (uint)_rest.Length || length > _maxBlock)
        {
            throw Corrupt("a block is cut short or larger than the frame allows");
        }

        block = _rest.Span[..(int)length];
        _rest = _rest[(int)length..];
        if ((_flags & Lz4Frame.BlockChecksums) != 0 && TakeUInt32() != XxHash32.Compute(block))
        {
            throw Corrupt("a block's checksum is wrong");
        }

        return true;
    }

    private uint TakeUInt32()
    {
        if (_rest.Length < sizeof(uint))
        {
            throw Corrupt("cut short");
        }

        var value = BinaryPrimitives.ReadUInt32LittleEndian(_rest.Span);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    private static InvalidRecordException Corrupt(string what) => RecordDecompression.Corrupt(CompressionType.Lz4, what);
}
