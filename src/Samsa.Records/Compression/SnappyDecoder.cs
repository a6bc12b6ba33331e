using System.Buffers;
using System.Buffers.Binary;
using Snappier;

namespace Samsa.Records;

/// <summary>Reads Snappy: snappy-java's framing, or one raw block as librdkafka writes it.</summary>
internal sealed class SnappyDecoder : IRecordDecoder
{
    // A copy of 64 bytes takes three bytes: no honest block grows by more.
    private const int LargestRatio = 22;

    private ReadOnlyMemory<byte> _rest;
    private bool _framed;
    private byte[]? _block;
    private int _blockPosition;
    private int _blockLength;

    public void Open(ReadOnlyMemory<byte> compressed)
    {
        if (compressed.IsEmpty)
        {
            throw Corrupt("empty");
        }

        _framed = compressed.Span.StartsWith(SnappyCodec.Magic);
        _rest = _framed ? AfterHeader(compressed) : compressed;
    }

    public int Read(Span<byte> destination)
    {
        while (_blockPosition == _blockLength)
        {
            if (_rest.IsEmpty)
            {
                return 0;
            }

            var direct = NextBlock(destination);
            if (direct > 0)
            {
                return direct;
            }
        }

        var count = Math.Min(destination.Length, _blockLength - _blockPosition);
        _block.AsSpan(_blockPosition, count).CopyTo(destination);
        _blockPosition += count;
        return count;
    }

    public void Close()
    {
        ReturnBlock();
        _rest = default;
        _blockPosition = 0;
        _blockLength = 0;
    }

    /// <summary>Decompresses a block into the destination if it fits, and returns its length; else into the own buffer, and returns 0.</summary>
    private int NextBlock(Span<byte> destination)
    {
        var compressed = TakeBlock();
        try
        {
            var length = Snappy.GetUncompressedLength(compressed);
            if (length < 0 || length > (long)compressed.Length * LargestRatio)
            {
                throw Corrupt("a block claims more than it can hold");
            }

            if (length <= destination.Length)
            {
                return Snappy.Decompress(compressed, destination[..length]);
            }

            if (_block is null || _block.Length < length)
            {
                ReturnBlock();
                _block = ArrayPool<byte>.Shared.Rent(length);
            }

            _blockPosition = 0;
            _blockLength = Snappy.Decompress(compressed, _block.AsSpan(0, length));
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw Corrupt(e.Message, e);
        }
    }

    private ReadOnlySpan<byte> TakeBlock()
    {
        // Streams may be joined: a header then stands where a block's length would.
        while (_framed && _rest.Span.StartsWith(SnappyCodec.Magic))
        {
            _rest = AfterHeader(_rest);
        }

        var length = _rest.Length;
        if (_framed)
        {
            if (length < sizeof(int))
            {
                throw Corrupt("a block's length is cut short");
            }

            length = BinaryPrimitives.ReadInt32BigEndian(_rest.Span);
            _rest = _rest[sizeof(int)..];
        }

        if (length <= 0 || length > _rest.Length)
        {
            throw Corrupt("a block is cut short");
        }

        var block = _rest.Span[..length];
        _rest = _rest[length..];
        return block;
    }

    private static ReadOnlyMemory<byte> AfterHeader(ReadOnlyMemory<byte> framed) =>
        framed.Length >= SnappyCodec.HeaderLength
            ? framed[SnappyCodec.HeaderLength..]
            : throw Corrupt("the header is cut short");

    private void ReturnBlock()
    {
        if (_block is { } block)
        {
            _block = null;
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static InvalidRecordException Corrupt(string what, Exception? inner = null) =>
        RecordDecompression.Corrupt(CompressionType.Snappy, what, inner);
}
