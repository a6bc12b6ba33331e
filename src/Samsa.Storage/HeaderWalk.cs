using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Steps from batch header to batch header of a segment file, through a small buffer; record bytes are passed over.</summary>
internal ref struct HeaderWalk
{
    /// <summary>Fits the headers between two index entries at the default interval in one read.</summary>
    public const int BufferSize = 4096;

    private readonly IStorageFile _file;
    private readonly Span<byte> _buffer;
    private readonly long _end;
    private long _bufferStart;
    private int _buffered;
    private BatchHeader _header;

    /// <param name="file">The segment.</param>
    /// <param name="position">Where a batch starts.</param>
    /// <param name="end">Where the last batch ends.</param>
    /// <param name="buffer">At least a header long.</param>
    public HeaderWalk(IStorageFile file, long position, long end, Span<byte> buffer)
    {
        _file = file;
        _buffer = buffer;
        _end = end;
        Next = position;
    }

    /// <summary>The header at hand.</summary>
    public readonly BatchHeader Header => _header;

    /// <summary>Where its batch starts.</summary>
    public long Position { get; private set; }

    /// <summary>Where its batch ends, or where the walk began.</summary>
    public long Next { get; private set; }

    /// <summary>Steps to the next batch; false at the end, or where no whole batch follows (then <see cref="Next"/> is short of the end).</summary>
    public bool MoveNext()
    {
        if (_end - Next < BatchHeader.Length)
        {
            return false;
        }

        if (Next < _bufferStart || Next + BatchHeader.Length > _bufferStart + _buffered)
        {
            var wanted = (int)Math.Min(_buffer.Length, _end - Next);
            _buffered = _file.Read(_buffer[..wanted], Next);
            _bufferStart = Next;
        }

        var at = (int)(Next - _bufferStart);
        if (!BatchHeader.TryRead(_buffer[at.._buffered], out _header) || _header.LastOffsetDelta < 0 || Next + _header.SizeInBytes > _end)
        {
            return false;
        }

        Position = Next;
        Next += _header.SizeInBytes;
        return true;
    }
}
