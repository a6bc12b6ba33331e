namespace Samsa.Storage;

/// <summary>One of the broker's <c>log.dirs</c>: its place, its identity, and whether it can be used.</summary>
public sealed class LogDirectory
{
    private const string ProbeName = ".samsa-probe";

    private string? _offlineReason;
    private bool _isSuspect;

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

    /// <summary>Bytes that can still be written to its disk.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public long FreeBytes => Files.FreeBytes(Path);

    /// <summary>Bytes that its disk has in all; -1 where nobody knows.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public long TotalBytes => Files.TotalBytes(Path);

    /// <summary>The disk it is on.</summary>
    internal IFileSystem Files { get; }

    /// <summary>Where a file in the directory's root is.</summary>
    internal string In(string name) => System.IO.Path.Join(Path, name);

    /// <summary>Something in it failed: it is to be looked at.</summary>
    internal void Suspect() => Volatile.Write(ref _isSuspect, true);

    /// <summary>
    /// Looks whether the directory can still be used, where there is reason to doubt it: something in it failed, or it is no longer there.
    /// A disk that is merely full is no reason.
    /// </summary>
    /// <exception cref="IOException">It cannot.</exception>
    internal void Check()
    {
        if (OfflineReason is not null || (!Volatile.Read(ref _isSuspect) && Files.FileExists(In(MetaProperties.FileName))))
        {
            return;
        }

        Volatile.Write(ref _isSuspect, false);
        if (!Files.FileExists(In(MetaProperties.FileName)))
        {
            throw new IOException($"{In(MetaProperties.FileName)} is gone");
        }

        try
        {
            using (var probe = Files.Open(In(ProbeName), StorageOpenMode.Truncate))
            {
                probe.Write([1], 0);
                probe.Sync();
            }

            Files.DeleteFile(In(ProbeName));
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            // Writes are refused for want of space, and everything else works.
        }
    }

    /// <summary>Takes the directory out of use until the next start; the first reason stays.</summary>
    /// <returns>False where it was out of use before.</returns>
    internal bool Fail(string reason) => Interlocked.CompareExchange(ref _offlineReason, reason, null) is null;
}
