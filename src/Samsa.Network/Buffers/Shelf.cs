using System.Diagnostics.CodeAnalysis;

namespace Samsa.Network;

/// <summary>The free buffers of one size class, last in first out: the last one is the warmest in the cache.</summary>
internal sealed class Shelf(int bufferBytes)
{
    private readonly Lock _lock = new();
    private byte[]?[] _buffers = new byte[]?[8];
    private int _count;
    private int _leastSinceTrim;

    public int BufferBytes { get; } = bufferBytes;

    public bool TryTake([NotNullWhen(true)] out byte[]? buffer)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                buffer = null;
                return false;
            }

            buffer = _buffers[--_count]!;
            _buffers[_count] = null;
            _leastSinceTrim = Math.Min(_leastSinceTrim, _count);
            return true;
        }
    }

    public void Put(byte[] buffer)
    {
        lock (_lock)
        {
            if (_count == _buffers.Length)
            {
                Array.Resize(ref _buffers, _count * 2);
            }

            _buffers[_count++] = buffer;
        }
    }

    /// <summary>Drops half of what lay here unused since the last call; returns the bytes.</summary>
    public long Trim()
    {
        lock (_lock)
        {
            var dropped = (_leastSinceTrim + 1) / 2;
            for (var i = 0; i < dropped; i++)
            {
                _buffers[--_count] = null;
            }

            _leastSinceTrim = _count;
            return (long)dropped * BufferBytes;
        }
    }
}
