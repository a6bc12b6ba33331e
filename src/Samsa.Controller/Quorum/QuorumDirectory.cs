using Samsa.Storage;

namespace Samsa.Controller.Quorum;

/// <summary>Where the Raft log of a node is: in <c>quorum</c>, beside the metadata log that it feeds. The two belong together.</summary>
internal sealed class QuorumDirectory(LocalMetadataLogOptions options)
{
    private const string Diverged = "diverged";
    private readonly IFileSystem _files = options.FileSystem;

    /// <summary>The Raft log.</summary>
    public string Log => Path.Join(Root, "log");

    /// <summary>Raft's snapshots.</summary>
    public string Snapshots => Path.Join(Root, "snapshots");

    private string Root => Path.Join(options.LogDirectory, LogDirectories.QuorumName);

    private string MetadataLog => MetadataStore.DirectoryOf(options);

    /// <summary>Makes it, after throwing away what was found to be wrong.</summary>
    /// <exception cref="LogCorruptException">One of the two logs is there without the other.</exception>
    public void Prepare()
    {
        if (_files.FileExists(Path.Join(Root, Diverged)))
        {
            ControllerEvents.ThrownAway(options.Logger, MetadataLog);
            _files.DeleteDirectory(MetadataLog);
            _files.DeleteDirectory(Root);
        }

        if (!_files.DirectoryExists(Root) && _files.DirectoryExists(MetadataLog))
        {
            throw new LogCorruptException(
                $"{MetadataLog} is not the log of a quorum: it was written by a single controller, or {Root} was deleted without it. "
                + "A single controller's metadata cannot become a quorum's; a controller that lost its data starts with neither directory");
        }

        _files.CreateDirectory(Log);
        _files.CreateDirectory(Snapshots);
    }

    /// <summary>Notes, durably, that both are to be thrown away at the next start.</summary>
    public void MarkDiverged() => _files.ReplaceFile(Path.Join(Root, Diverged), "state differs from the leader's\n"u8, durable: true);
}
