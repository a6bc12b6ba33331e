using System.Buffers;
using Samsa.Model;
using Samsa.Records;

namespace Samsa.Storage;

/// <summary>Reads a segment file from its beginning and checks every byte: recovery's way through it.</summary>
internal sealed class BatchScanner(IStorageFile file, Action<long>? progress) : IDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly long _end = file.Length;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private long _bufferStart;
    private int _buffered;

    public BatchHeader Header { get; private set; }

    /// <summary>The whole batch at hand, until the next step.</summary>
    public ReadOnlyMemory<byte> Batch { get; private set; }

    public long Position { get; private set; }

    /// <summary>Where the last good batch ends.</summary>
    public long Next { get; private set; }

    /// <summary>Why there is no next batch though the file goes on; null at its end.</summary>
    public string? Fault { get; private set; }

    /// <summary>Steps to the next batch, which must not begin before an offset.</summary>
    public bool MoveNext(Offset expected)
    {
        if (Next == _end || Fault is not null)
        {
            return false;
        }

        Fault = Read(expected);
        if (Fault is not null)
        {
            return false;
        }

        Position = Next;
        Next += Header.SizeInBytes;
        progress?.Invoke(Header.SizeInBytes);
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private string? Read(Offset expected)
    {
        if (_end - Next < BatchHeader.Length)
        {
            return "the file ends within a batch header";
        }

        if (!BatchHeader.TryRead(Window(BatchHeader.Length).Span, out var header) || header.LastOffsetDelta < 0)
        {
            return "no batch header";
        }

        if (header.SizeInBytes > _end - Next)
        {
            return "the file ends within a batch";
        }

        if (header.BaseOffset < expected)
        {
            return $"a batch with offset {header.BaseOffset} where {expected} or a later one is due";
        }

        var batch = Window(header.SizeInBytes);
        if (!RecordBatch.IsCrcValid(batch.Span))
        {
            return "a batch with a wrong checksum";
        }

        Header = header;
        Batch = batch;
        return null;
    }

    /// <summary>That many bytes from <see cref="Next"/> on, which the file is known to have.</summary>
    private ReadOnlyMemory<byte> Window(int bytes)
    {
        if (Next < _bufferStart || Next + bytes > _bufferStart + _buffered)
        {
            if (bytes > _buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = ArrayPool<byte>.Shared.Rent(bytes);
            }

            _buffered = file.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _end - Next)), Next);
            _bufferStart = Next;
            if (_buffered < bytes)
            {
                throw new IOException("A file is shorter than it said.");
            }
        }

        return _buffer.AsMemory((int)(Next - _bufferStart), bytes);
    }
}
