using Samsa.Model;

namespace Samsa.Controller.Tests;

/// <summary>A log directory with a metadata log, on the real disk.</summary>
internal sealed class MetadataDirectory : IDisposable
{
    private readonly List<string> _all = [];

    public MetadataDirectory() => Path = New();

    public string Path { get; private set; }

    public string LogPath => System.IO.Path.Join(Path, "__cluster_metadata-0");

    public string FirstSegment => System.IO.Path.Join(LogPath, "00000000000000000000.log");

    public LocalMetadataLogOptions Options => new() { LogDirectory = Path, NodeId = new BrokerId(1) };

    public LocalMetadataLog Open(Settings settings) => LocalMetadataLog.Open(Options, settings);

    /// <summary>Goes on with what a process that is killed now leaves behind.</summary>
    public void Kill()
    {
        var copy = New();
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Join(copy, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        Path = copy;
    }

    public string[] Snapshots() => [.. Directory.GetFiles(LogPath, "*.checkpoint").Select(f => System.IO.Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose() => _all.ForEach(d => Directory.Delete(d, recursive: true));

    private string New()
    {
        _all.Add(Directory.CreateTempSubdirectory("samsa-").FullName);
        return _all[^1];
    }
}
