using Samsa.Model;

namespace Samsa.Storage;

/// <summary>Whole batches in one segment file, held open until disposed, to be read straight into a response.</summary>
public sealed class LogSlice : IDisposable
{
    private readonly IStorageFile _file;
    private readonly long _position;

    internal LogSlice(IStorageFile file, long position, int length, Offset firstOffset)
    {
        _file = file;
        _position = position;
        Length = length;
        FirstOffset = firstOffset;
    }

    /// <summary>The size in bytes; more than zero.</summary>
    public int Length { get; }

    /// <summary>No record before this offset is in the slice unless its batch holds this offset too.</summary>
    public Offset FirstOffset { get; }

    /// <summary>Reads the bytes from the file.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (_file.Read(destination[..Length], _position) != Length)
        {
            throw new IOException("A log segment ended within a slice.");
        }
    }

    /// <summary>Lets go of the file.</summary>
    public void Dispose()
    {
    }
}
