namespace Samsa.Network;

/// <summary>Bytes on their way in one direction, bounded as a socket's buffers are.</summary>
internal sealed class InMemoryStream(int capacity, int maxReadBytes)
{
    private readonly Lock _lock = new();
    private readonly byte[] _ring = new byte[capacity];
    private int _start;
    private int _count;
    private bool _isWritingEnded;
    private bool _isReadingEnded;
    private TaskCompletionSource? _readable;
    private TaskCompletionSource? _writable;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        while (true)
        {
            Task readable;
            lock (_lock)
            {
                if (_isReadingEnded)
                {
                    return 0;
                }

                if (_count > 0)
                {
                    return Take(buffer.Span);
                }

                if (_isWritingEnded)
                {
                    return 0;
                }

                _readable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                readable = _readable.Task;
            }

            await readable;
        }
    }

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            Task writable;
            lock (_lock)
            {
                if (_isWritingEnded || _isReadingEnded)
                {
                    return false;
                }

                bytes = bytes[Put(bytes.Span)..];
                if (bytes.IsEmpty)
                {
                    return true;
                }

                _writable ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                writable = _writable.Task;
            }

            await writable;
        }
    }

    /// <summary>The writer is done; what is on its way still arrives.</summary>
    public void EndWriting()
    {
        lock (_lock)
        {
            _isWritingEnded = true;
            WakeBoth();
        }
    }

    /// <summary>The reader is gone, and what is on its way lost.</summary>
    public void EndReading()
    {
        lock (_lock)
        {
            _isReadingEnded = true;
            WakeBoth();
        }
    }

    private int Take(Span<byte> buffer)
    {
        var taken = Math.Min(Math.Min(buffer.Length, maxReadBytes), Math.Min(_count, capacity - _start));
        _ring.AsSpan(_start, taken).CopyTo(buffer);
        _start = (_start + taken) % capacity;
        _count -= taken;
        Wake(ref _writable);
        return taken;
    }

    private int Put(ReadOnlySpan<byte> bytes)
    {
        var put = 0;
        while (put < bytes.Length && _count < capacity)
        {
            var end = (_start + _count) % capacity;
            var piece = Math.Min(bytes.Length - put, Math.Min(capacity - _count, capacity - end));
            bytes.Slice(put, piece).CopyTo(_ring.AsSpan(end));
            put += piece;
            _count += piece;
        }

        if (put > 0)
        {
            Wake(ref _readable);
        }

        return put;
    }

    private void WakeBoth()
    {
        Wake(ref _readable);
        Wake(ref _writable);
    }

    private static void Wake(ref TaskCompletionSource? waiting)
    {
        waiting?.SetResult();
        waiting = null;
    }
}
