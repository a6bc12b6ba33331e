using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Samsa.Storage;

/// <summary>An open file of the real disk.</summary>
internal sealed partial class PhysicalFile(SafeFileHandle handle, string path) : IStorageFile
{
    private const int KeepSize = 1;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> destination, long position)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        try
        {
            RandomAccess.Write(handle, bytes, position);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"Cannot write {path}: {e.Message}", e);
        }
    }

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Reserve(long length)
    {
        if (OperatingSystem.IsLinux())
        {
            // A file system that cannot (EOPNOTSUPP) works without; a full disk will say so when it is written.
            _ = FAllocate(handle, KeepSize, 0, length);
        }
    }

    public void Sync() => UnixFile.SyncData(handle, path);

    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(SafeFileHandle handle, int mode, long offset, long length);
}
