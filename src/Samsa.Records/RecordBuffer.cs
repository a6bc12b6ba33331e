using System.Buffers;

namespace Samsa.Records;

/// <summary>A buffer that grows, rented from the shared pool: what batches are built in. Not for use by two threads at once.</summary>
public sealed class RecordBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestRent = 1024;

    private byte[] _bytes = [];
    private int _written;

    /// <summary>How many bytes have been written.</summary>
    public int Length => _written;

    /// <summary>What has been written; valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    public Memory<byte> Written => _bytes.AsMemory(0, _written);

    /// <summary>What has been written; valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>.</summary>
    public Span<byte> WrittenSpan => _bytes.AsSpan(0, _written);

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => _written = 0;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _written);
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_written);
    }

    /// <summary>Appends the bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_written));
        _written += bytes.Length;
    }

    /// <summary>Gives the memory back to the pool; the buffer starts anew if it is written again.</summary>
    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = [];
        _written = 0;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _written >= Math.Max(count, 1))
        {
            return;
        }

        var needed = checked(_written + Math.Max(count, 1));
        var doubled = (int)Math.Min(Array.MaxLength, 2L * _bytes.Length);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestRent, Math.Max(needed, doubled)));
        _bytes.AsSpan(0, _written).CopyTo(larger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = larger;
    }
}
