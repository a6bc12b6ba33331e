using System.Buffers;
using Samsa.Model;

namespace Samsa.Records;

/// <summary>
/// Reads the records of one batch, decompressing into a pooled, bounded buffer; allocates nothing per record. Dispose of
/// it when done, or use <see cref="RecordBatch.Records"/> with <c>foreach</c>. Every record is checked as it is reached,
/// and the end of the batch as well: what it yields is what the header claims.
/// </summary>
public ref struct RecordReader : IDisposable
{
    private readonly BatchHeader _header;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _bytes;
    private byte[]? _rented;
    private RecordLayout _layout;
    private int _read;
    private int _position;

    /// <summary>Opens a batch; the checksum is not looked at.</summary>
    /// <param name="batch">A whole batch; bytes behind it are ignored.</param>
    /// <param name="maxDecompressedBytes">The most that its records may take, decompressed.</param>
    /// <exception cref="InvalidRecordException">The batch is no whole version 2 batch, or its compressed data is bad or too much.</exception>
    public RecordReader(ReadOnlyMemory<byte> batch, int maxDecompressedBytes)
    {
        if (!BatchHeader.TryRead(batch.Span, out _header) || _header.SizeInBytes > batch.Length)
        {
            throw new InvalidRecordException(ErrorCode.CorruptMessage, "Not a whole record batch of format version 2");
        }

        _memory = batch[BatchHeader.Length.._header.SizeInBytes];
        if (_header.Compression != CompressionType.None && !(_header.RecordCount == 0 && _memory.IsEmpty))
        {
            _memory = RecordDecompression.DecompressAll(_header.Compression, _memory, maxDecompressedBytes, out _rented);
        }

        _bytes = _memory.Span;
        if (_header.RecordCount < 0 || _header.RecordCount > _bytes.Length / BatchLayout.SmallestRecord)
        {
            Dispose();
            throw new InvalidRecordException(
                ErrorCode.InvalidRecord, $"A batch claims {_header.RecordCount} records in {_memory.Length} bytes");
        }
    }

    /// <summary>The batch's header.</summary>
    public readonly BatchHeader Header => _header;

    /// <summary>The record at hand.</summary>
    public readonly Record Current
    {
        get
        {
            var timestamp = _header.TimestampType == TimestampType.LogAppendTime
                ? _header.MaxTimestamp
                : _header.BaseTimestamp + _layout.TimestampDelta;
            return new Record(_header.BaseOffset + _layout.OffsetDelta, timestamp, _memory, _bytes, _layout);
        }
    }

    /// <summary>Steps to the next record; false after the last.</summary>
    /// <exception cref="InvalidRecordException">The record is malformed, or bytes are left after the last one.</exception>
    public bool MoveNext()
    {
        if (_read < _header.RecordCount)
        {
            RecordLayout.Parse(_bytes, _position, out _layout);
            _position = _layout.End;
            _read++;
            return true;
        }

        if (_position != _bytes.Length)
        {
            throw new InvalidRecordException(
                ErrorCode.InvalidRecord, $"{_bytes.Length - _position} bytes follow the last of {_read} records");
        }

        return false;
    }

    /// <summary>Gives the decompressed bytes back to the pool; the records read are gone with them.</summary>
    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
