using Samsa.Storage;

namespace Samsa.Simulation;

/// <summary>
/// A disk in memory that forgets what was not synced when the power is cut, the way journaling file systems do: names come back in the order they
/// changed, appended bytes up to some length and with holes of zeros.
/// </summary>
internal sealed class SimulatedDisk : IFileSystem
{
    private const int Sector = 512;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SimulatedFile> _names = new();
    private readonly HashSet<string> _directories = [];
    private readonly Dictionary<string, SimulatedFile> _durableNames = new();
    private readonly List<NameChange> _unsyncedNames = [];
    private readonly HashSet<string> _locks = [];

    /// <summary>Bytes that writes may still take; then the disk is full.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>What its machine's clock says, milliseconds since the epoch.</summary>
    public Func<long> NowMs { get; set; } = static () => 0;

    public bool SyncsFail { get; set; }

    public bool ReadsFail { get; set; }

    public int Syncs { get; private set; }

    public int OpenFiles { get; private set; }

    public List<string> SyncedPaths { get; } = [];

    public bool FileExists(string path) => Locked(() => _names.ContainsKey(path));

    public bool DirectoryExists(string path) => Locked(() => _directories.Contains(path));

    public void CreateDirectory(string path) => Locked(() =>
    {
        for (var directory = path; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            _directories.Add(directory);
        }

        return true;
    });

    public IReadOnlyList<StorageEntry> ListFiles(string directory) => Locked(() =>
        _names.Where(name => Path.GetDirectoryName(name.Key) == directory)
            .Select(name => new StorageEntry(Path.GetFileName(name.Key), name.Value.Length, name.Value.LastWriteMs))
            .ToArray());

    public IReadOnlyList<string> ListDirectories(string directory) => Locked(() =>
        _directories.Where(path => Path.GetDirectoryName(path) == directory).Select(path => Path.GetFileName(path)).ToArray());

    public IStorageFile Open(string path, StorageOpenMode mode) => Locked(() =>
    {
        if (!_names.TryGetValue(path, out var file))
        {
            if (mode is StorageOpenMode.Read or StorageOpenMode.Existing)
            {
                throw new FileNotFoundException("No such file", path);
            }

            file = new SimulatedFile();
            Change(path, file);
        }

        if (mode == StorageOpenMode.Truncate)
        {
            file.Resize(0);
        }

        OpenFiles++;
        return new Handle(this, file, path);
    });

    public void Rename(string from, string to) => Locked(() =>
    {
        if (_directories.Remove(from))
        {
            _directories.Add(to);
            RenameDirectory(from, to);
            return true;
        }

        var file = _names.TryGetValue(from, out var found) ? found : throw new FileNotFoundException("No such file", from);
        Change(from, null);
        Change(to, file);
        return true;
    });

    public void DeleteFile(string path) => Locked(() =>
    {
        if (_names.ContainsKey(path))
        {
            Change(path, null);
        }

        return true;
    });

    public void DeleteDirectory(string path) => Locked(() =>
    {
        foreach (var name in _names.Keys.Where(name => IsIn(path, name)).ToArray())
        {
            Change(name, null);
        }

        _directories.RemoveWhere(directory => directory == path || IsIn(path, directory));
        return true;
    });

    public void SyncDirectory(string path) => Locked(() =>
    {
        CheckSync(path);
        foreach (var change in _unsyncedNames.Where(change => Path.GetDirectoryName(change.Path) == path))
        {
            change.ApplyTo(_durableNames);
        }

        _unsyncedNames.RemoveAll(change => Path.GetDirectoryName(change.Path) == path);
        return true;
    });

    public long FreeBytes(string path) => Free;

    /// <summary>Syncs everything, in one go.</summary>
    public bool SyncFileSystem(string path) => Locked(() =>
    {
        CheckSync(path);
        foreach (var file in _names.Values)
        {
            file.Sync();
        }

        _unsyncedNames.ForEach(change => change.ApplyTo(_durableNames));
        _unsyncedNames.Clear();
        return true;
    });

    public IDisposable? TryLock(string path) => Locked(() => _locks.Add(path) ? new HeldLock(this, path) : null);

    /// <summary>The process that had the disk is gone: its locks are free.</summary>
    public void ForgetOwner() => Locked(() =>
    {
        _locks.Clear();
        OpenFiles = 0;
        return true;
    });

    public byte[] Content(string path) => Locked(() => _names[path].Bytes.ToArray());

    /// <summary>The files of a directory and their bytes.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="forSure">Only what a power cut must leave; the same array until the next sync.</param>
    public (string Path, byte[] Bytes)[] FilesIn(string directory, bool forSure) => Locked(() =>
        (forSure ? _durableNames : _names).Where(name => IsIn(directory, name.Key)).Select(name => (name.Key, forSure ? name.Value.Synced : name.Value.Bytes.ToArray())).ToArray());

    public void SetContent(string path, byte[] bytes) => Locked(() =>
    {
        _directories.Add(Path.GetDirectoryName(path)!);
        var file = new SimulatedFile();
        file.Write(bytes, 0);
        file.Sync();
        _names[path] = _durableNames[path] = file;
        return true;
    });

    public SimulatedDisk Copy()
    {
        var copy = new SimulatedDisk();
        foreach (var (path, file) in _names)
        {
            copy.SetContent(path, file.Bytes.ToArray());
        }

        copy._directories.UnionWith(_directories);
        return copy;
    }

    /// <summary>The disk as it is found after the power came back.</summary>
    public SimulatedDisk AfterPowerCut(Random random)
    {
        var names = new Dictionary<string, SimulatedFile>(_durableNames);
        foreach (var change in _unsyncedNames.Take(random.Next(_unsyncedNames.Count + 1)))
        {
            change.ApplyTo(names);
        }

        var after = new SimulatedDisk();
        foreach (var (path, file) in names)
        {
            after.SetContent(path, file.AfterPowerCut(random, Sector));
        }

        after._directories.UnionWith(_directories);
        after.NowMs = NowMs;
        return after;
    }

    private void Change(string path, SimulatedFile? file)
    {
        var change = new NameChange(path, file);
        change.ApplyTo(_names);
        _unsyncedNames.Add(change);
    }

    // The files go with their directory. Their older changes come first: a journal keeps the order.
    private void RenameDirectory(string from, string to)
    {
        var moved = _names.Where(name => IsIn(from, name.Key)).ToArray();
        _unsyncedNames.Where(change => IsIn(from, change.Path)).ToList().ForEach(change => change.ApplyTo(_durableNames));
        _unsyncedNames.RemoveAll(change => IsIn(from, change.Path));
        foreach (var (path, file) in moved)
        {
            Change(path, null);
            Change(to + path[from.Length..], file);
        }
    }

    private static bool IsIn(string directory, string path) =>
        path.Length > directory.Length && path[directory.Length] == Path.DirectorySeparatorChar && path.StartsWith(directory, StringComparison.Ordinal);

    private void CheckSync(string path)
    {
        if (SyncsFail)
        {
            throw new IOException("Input/output error");
        }

        Syncs++;
        if (SyncedPaths.Count < 100_000)
        {
            SyncedPaths.Add(path);
        }
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }

    private sealed class HeldLock(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose() => disk.Locked(() => disk._locks.Remove(path));
    }

    private sealed record NameChange(string Path, SimulatedFile? File)
    {
        public void ApplyTo(Dictionary<string, SimulatedFile> names)
        {
            if (File is null)
            {
                names.Remove(Path);
            }
            else
            {
                names[Path] = File;
            }
        }
    }

    private sealed class Handle(SimulatedDisk disk, SimulatedFile file, string path) : IStorageFile
    {
        private bool _isClosed;

        public long Length => disk.Locked(() => file.Length);

        public int Read(Span<byte> destination, long position)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            lock (disk._lock)
            {
                if (disk.ReadsFail)
                {
                    throw new IOException("Input/output error");
                }

                var available = file.Bytes[(int)Math.Min(position, file.Length)..];
                var read = Math.Min(available.Length, destination.Length);
                available[..read].CopyTo(destination);
                return read;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            lock (disk._lock)
            {
                file.LastWriteMs = disk.NowMs();
                var growth = Math.Max(0, position + bytes.Length - file.Length);
                if (growth <= disk.Free)
                {
                    disk.Free -= disk.Free == long.MaxValue ? 0 : growth;
                    file.Write(bytes, (int)position);
                    return;
                }

                // As much as fits, as the kernel does.
                file.Write(bytes[..(int)(bytes.Length - (growth - disk.Free))], (int)position);
                disk.Free = 0;
                throw new IOException("No space left on device");
            }
        }

        public void SetLength(long length) => disk.Locked(() =>
        {
            if (disk.Free != long.MaxValue)
            {
                disk.Free += Math.Max(0, file.Length - length);
            }

            file.Resize((int)length);
            return true;
        });

        public void Reserve(long length)
        {
        }

        public void Sync() => disk.Locked(() =>
        {
            disk.CheckSync(path);
            file.Sync();
            return true;
        });

        public void Dispose()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                disk.Locked(() => disk.OpenFiles--);
            }
        }
    }
}
