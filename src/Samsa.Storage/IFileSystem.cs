namespace Samsa.Storage;

/// <summary>The disk as the storage engine sees it; failures are <see cref="IOException"/> and nothing else.</summary>
/// <remarks>
/// Names created, renamed or deleted survive a power cut only once <see cref="SyncDirectory"/> returned for the directory that
/// holds them, and written bytes only once <see cref="IStorageFile.Sync"/> returned.
/// </remarks>
public interface IFileSystem
{
    /// <summary>Whether a regular file of that name exists.</summary>
    bool FileExists(string path);

    /// <summary>Whether a directory of that name exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>Makes a directory and its missing parents; one that exists is left as it is.</summary>
    void CreateDirectory(string path);

    /// <summary>The files in a directory, by name without path, in no particular order.</summary>
    IReadOnlyList<StorageEntry> ListFiles(string directory);

    /// <summary>The names of the directories in a directory, without path, in no particular order.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Opens a file for positional reads and writes; the caller disposes it.</summary>
    IStorageFile Open(string path, StorageOpenMode mode);

    /// <summary>Renames a file or directory within one directory; a file of the new name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; one that does not exist is fine.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes a directory with all it holds; one that does not exist is fine.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Makes everything on the file system that holds the path durable, files and names.</summary>
    /// <returns>False where this disk cannot do that, or not tell whether it worked: sync one by one then.</returns>
    bool SyncFileSystem(string path) => false;

    /// <summary>Bytes that can still be written to the disk holding the path.</summary>
    long FreeBytes(string path);

    /// <summary>Bytes that the disk holding the path has in all; -1 where nobody knows.</summary>
    long TotalBytes(string path) => -1;

    /// <summary>Takes an exclusive lock on a file, creating it when missing, for as long as the process lives.</summary>
    /// <returns>The lock, released by disposing it; null when another process, or another owner in this one, holds it.</returns>
    IDisposable? TryLock(string path);
}

/// <summary>A file in a directory listing.</summary>
/// <param name="Name">The name without path.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="LastWriteMs">When it was last written, milliseconds since the epoch.</param>
public readonly record struct StorageEntry(string Name, long Length, long LastWriteMs);

/// <summary>How <see cref="IFileSystem.Open"/> treats a file.</summary>
public enum StorageOpenMode
{
    /// <summary>Existing, for reading only.</summary>
    Read,

    /// <summary>Existing, for reading and writing.</summary>
    Existing,

    /// <summary>For reading and writing, created empty when missing.</summary>
    ReadWrite,

    /// <summary>For reading and writing, emptied when it exists.</summary>
    Truncate,
}

/// <summary>An open file. Positional: safe for one writer beside any number of readers.</summary>
public interface IStorageFile : IDisposable
{
    /// <summary>The size in bytes now.</summary>
    long Length { get; }

    /// <summary>Reads at a position until the destination is full or the file ends.</summary>
    /// <returns>The bytes read; fewer than asked only at the end of the file.</returns>
    int Read(Span<byte> destination, long position);

    /// <summary>Writes all bytes at a position; on failure an unknown part may have been written.</summary>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    void SetLength(long length);

    /// <summary>Reserves disk space up to a size without changing the length; best effort.</summary>
    void Reserve(long length);

    /// <summary>Makes content and length durable. After a failure the state of the content on disk is unknown.</summary>
    void Sync();
}
