using System.IO.Enumeration;
using System.Runtime.InteropServices;

namespace Samsa.Storage;

/// <summary>The real disk.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    // What .NET makes of EWOULDBLOCK and EAGAIN.
    private static readonly int s_sharingViolation = OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : 11;

    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private PhysicalFileSystem()
    {
    }

    /// <summary>The only one needed: it holds no state.</summary>
    public static PhysicalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Guarded(path, static p => _ = Directory.CreateDirectory(p));

    /// <inheritdoc/>
    public IReadOnlyList<StorageEntry> ListFiles(string directory)
    {
        try
        {
            // Thousands of directories are listed at a start: this takes one system call per file, FileInfo takes three.
            return [.. new FileSystemEnumerable<StorageEntry>(
                directory,
                static (ref FileSystemEntry file) => new StorageEntry(file.FileName.ToString(), file.Length, file.LastWriteTimeUtc.ToUnixTimeMilliseconds()),
                s_everything)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry file) => !file.IsDirectory,
            }];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path))];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public IStorageFile Open(string path, StorageOpenMode mode)
    {
        try
        {
            // FileShare other than ReadWrite would take an flock per file: a system call each, and no help.
            var handle = File.OpenHandle(
                path,
                mode switch
                {
                    StorageOpenMode.Read or StorageOpenMode.Existing => FileMode.Open,
                    StorageOpenMode.ReadWrite => FileMode.OpenOrCreate,
                    StorageOpenMode.Truncate => FileMode.Create,
                    _ => throw new ArgumentOutOfRangeException(nameof(mode)),
                },
                mode == StorageOpenMode.Read ? FileAccess.Read : FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            return new PhysicalFile(handle, path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        try
        {
            if (Directory.Exists(from))
            {
                Directory.Move(from, to);
            }
            else
            {
                File.Move(from, to, overwrite: true);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void DeleteFile(string path) => Guarded(path, static p =>
    {
        try
        {
            File.Delete(p);
        }
        catch (DirectoryNotFoundException)
        {
            // What is gone with its directory needs no deleting.
        }
    });

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Guarded(path, static p =>
    {
        try
        {
            Directory.Delete(p, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
    });

    /// <inheritdoc/>
    public void SyncDirectory(string path) => UnixFile.SyncDirectory(path);

    /// <inheritdoc/>
    public bool SyncFileSystem(string path) => UnixFile.SyncFileSystem(path);

    /// <inheritdoc/>
    public long FreeBytes(string path) => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;

    /// <inheritdoc/>
    public long TotalBytes(string path) => new DriveInfo(Path.GetFullPath(path)).TotalSize;

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            // FileShare.None is flock, which Samsa heeds; Lock is fcntl, which Java and so Kafka heeds.
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (!OperatingSystem.IsMacOS())
            {
                LockAlso(file);
            }

            return file;
        }
        catch (IOException e) when (e.HResult == s_sharingViolation)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("macos")]
    private static void LockAlso(FileStream file)
    {
        try
        {
            file.Lock(0, 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Guarded(string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}

/// <summary>What .NET does not offer: the cheaper sync of data, and the sync of directories.</summary>
internal static partial class UnixFile
{
    private const int ReadOnly = 0;

    // Before Linux 5.8 syncfs returned success whatever became of the data.
    private static readonly bool s_syncfsTellsFailure = OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(5, 8);

    /// <summary>Syncs content and length, but not the times of a file.</summary>
    public static void SyncData(SafeHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk((Microsoft.Win32.SafeHandles.SafeFileHandle)handle);
        }
        else if (FDataSync(handle) != 0)
        {
            throw new IOException($"fdatasync of {path} failed: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Syncs the names in a directory; where directories cannot be synced (Windows) this does nothing.</summary>
    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            WithDirectory(path, "fsync", FSync);
        }
    }

    /// <summary>Syncs the file system that holds a directory.</summary>
    /// <returns>False where the kernel cannot, or would not tell of a failure.</returns>
    public static bool SyncFileSystem(string path)
    {
        if (s_syncfsTellsFailure)
        {
            WithDirectory(path, "syncfs", SyncFs);
        }

        return s_syncfsTellsFailure;
    }

    private static void WithDirectory(string path, string name, Func<int, int> call)
    {
        var descriptor = OpenPath(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open directory {path}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        }

        var result = call(descriptor);
        var (error, code) = (Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{name} of directory {path} failed: {error}", code);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
