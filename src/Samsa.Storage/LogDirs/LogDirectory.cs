namespace Samsa.Storage;

/// <summary>One of the broker's <c>log.dirs</c>: its place, its identity, and whether it can be used.</summary>
public sealed class LogDirectory
{
    private string? _offlineReason;

    internal LogDirectory(IFileSystem files, string path, Guid directoryId)
    {
        Files = files;
        Path = path;
        DirectoryId = directoryId;
    }

    internal LogDirectory(IFileSystem files, string path, string offlineReason)
        : this(files, path, Guid.Empty) => _offlineReason = offlineReason;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>The directory's id in the metadata log (KIP-858); empty where the directory could not be read.</summary>
    public Guid DirectoryId { get; }

    /// <summary>Why the directory is out of use; null while it works.</summary>
    public string? OfflineReason => Volatile.Read(ref _offlineReason);

    /// <summary>The disk it is on.</summary>
    internal IFileSystem Files { get; }

    /// <summary>Where a file in the directory's root is.</summary>
    internal string In(string name) => System.IO.Path.Join(Path, name);

    /// <summary>Takes the directory out of use until the next start; the first reason stays.</summary>
    /// <returns>False where it was out of use before.</returns>
    internal bool Fail(string reason) => Interlocked.CompareExchange(ref _offlineReason, reason, null) is null;
}
