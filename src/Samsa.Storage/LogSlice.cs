using Samsa.Model;
using Samsa.Protocol;

namespace Samsa.Storage;

/// <summary>Whole batches in one segment file, held open until disposed, to be read straight into a response.</summary>
public sealed class LogSlice : IRecordsSource, IDisposable
{
    private readonly long _position;
    private SharedFile? _file;

    internal LogSlice(SharedFile file, long position, int length, Offset firstOffset)
    {
        _file = file;
        _position = position;
        Length = length;
        FirstOffset = firstOffset;
    }

    /// <summary>The size in bytes; more than zero.</summary>
    public int Length { get; }

    /// <summary>The base offset of the first batch where the read had to look for it; the requested offset where that was known to begin a batch.</summary>
    public Offset FirstOffset { get; }

    /// <summary>Reads the bytes from the file into the beginning of a span at least <see cref="Length"/> long.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="ObjectDisposedException">The slice was disposed.</exception>
    public void CopyTo(Span<byte> destination)
    {
        var file = _file;
        ObjectDisposedException.ThrowIf(file is null, this);
        if (file.File.Read(destination[..Length], _position) != Length)
        {
            throw new IOException("A log segment ended within a slice.");
        }
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Release();
}
