namespace Samsa.Storage.Tests.LogDirs;

/// <summary>The real disk, counting what is synced and failing where a test wants it to.</summary>
internal sealed class DiskWithFaults : IFileSystem
{
    private readonly PhysicalFileSystem _disk = PhysicalFileSystem.Instance;
    private int _syncs;
    private int _fileSystemSyncs;

    /// <summary>Asked before each operation (<c>write</c>, <c>sync</c>, <c>syncfs</c>, <c>rename</c>...) with the path; a failure it gives is thrown.</summary>
    public Func<string, string, IOException?> Fault { get; set; } = static (_, _) => null;

    /// <summary>Called while the sync of a segment is under way.</summary>
    public Action OnSync { get; set; } = static () => { };

    /// <summary>How many segments were synced.</summary>
    public int Syncs => Volatile.Read(ref _syncs);

    /// <summary>How often the whole file system was synced.</summary>
    public int FileSystemSyncs => Volatile.Read(ref _fileSystemSyncs);

    public static IOException Full { get; } = new("No space left on device", 28);

    public bool FileExists(string path) => _disk.FileExists(path);

    public bool DirectoryExists(string path) => _disk.DirectoryExists(path);

    public void CreateDirectory(string path) => Try("create", path, () => _disk.CreateDirectory(path));

    public IReadOnlyList<StorageEntry> ListFiles(string directory) => _disk.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => _disk.ListDirectories(directory);

    public IStorageFile Open(string path, StorageOpenMode mode)
    {
        Check(mode is StorageOpenMode.Read or StorageOpenMode.Existing ? "open" : "create", path);
        return new FaultyFile(this, _disk.Open(path, mode), path);
    }

    public void Rename(string from, string to) => Try("rename", from, () => _disk.Rename(from, to));

    public void DeleteFile(string path) => Try("delete", path, () => _disk.DeleteFile(path));

    public void DeleteDirectory(string path) => Try("delete", path, () => _disk.DeleteDirectory(path));

    public void SyncDirectory(string path) => Try("sync", path, () => _disk.SyncDirectory(path));

    public bool SyncFileSystem(string path)
    {
        Check("syncfs", path);
        Interlocked.Increment(ref _fileSystemSyncs);
        return _disk.SyncFileSystem(path);
    }

    public long FreeBytes(string path) => _disk.FreeBytes(path);

    public IDisposable? TryLock(string path) => _disk.TryLock(path);

    private void Check(string operation, string path)
    {
        if (Fault(operation, path) is { } failure)
        {
            throw new IOException(failure.Message, failure.HResult);
        }
    }

    private void Try(string operation, string path, Action action)
    {
        Check(operation, path);
        action();
    }

    private sealed class FaultyFile(DiskWithFaults disk, IStorageFile file, string path) : IStorageFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long position) => file.Read(destination, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            if (disk.Fault("write", path) is { } failure)
            {
                // A full disk takes what it can.
                file.Write(bytes[..(bytes.Length / 2)], position);
                throw new IOException(failure.Message, failure.HResult);
            }

            file.Write(bytes, position);
        }

        public void SetLength(long length) => file.SetLength(length);

        public void Reserve(long length) => file.Reserve(length);

        public void Sync()
        {
            disk.Check("sync", path);
            if (path.EndsWith(".log", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref disk._syncs);
                disk.OnSync();
            }

            file.Sync();
        }

        public void Dispose() => file.Dispose();
    }
}
