using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Samsa.Model;
using Samsa.Protocol.Records;
using Samsa.Storage;

namespace Samsa.Controller.Tests;

/// <summary>The metadata log and its snapshots as Apache Kafka 3.9.1 wrote them.</summary>
public sealed partial class GoldenMetadataTests : IDisposable
{
    private readonly MetadataDirectory _disk = new();

    public GoldenMetadataTests()
    {
        using var archive = new GZipStream(File.OpenRead(Golden("cluster-metadata.tar.gz")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(archive, _disk.Path, overwriteFiles: false);
    }

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task The_log_is_read_from_its_beginning()
    {
        foreach (var snapshot in _disk.Snapshots())
        {
            File.Delete(Path.Join(_disk.LogPath, snapshot));
        }

        var expected = Dumped("Dumping __cluster_metadata-0/00000000000000000000.log");
        var settings = new Settings();
        await using var log = _disk.Open(settings);
        Assert.Equal(expected, Types(settings.Records));
        Assert.Equal(5, log.Epoch.Value);
    }

    [Fact]
    public async Task The_latest_snapshot_stands_for_the_log_before_it()
    {
        var settings = new Settings();
        await using var log = _disk.Open(settings);
        Assert.Equal(new Offset(350), settings.Loaded);
        var snapshot = Dumped("Dumping __cluster_metadata-0/00000000000000000350-0000000004.checkpoint");
        Assert.Equal(snapshot, Types(settings.Records.Take(snapshot.Count)));
        var topic = settings.Records.OfType<TopicRecord>().Single(t => t.Name == "codec-lz4");
        Assert.Equal("qTpU1e-6Q3eJGYySbZ-fHA", topic.TopicId.ToString());
    }

    [Fact]
    public void Every_snapshot_is_whole()
    {
        Assert.Equal(4, _disk.Snapshots().Length);
        foreach (var name in _disk.Snapshots())
        {
            Assert.True(SnapshotId.TryParse(name, out var id));
            Assert.Equal(name, id.FileName);
            Assert.NotEmpty(MetadataSnapshotFile.Read(PhysicalFileSystem.Instance, _disk.LogPath, id));
        }
    }

    [Fact]
    public void A_snapshot_is_written_as_Kafka_writes_it()
    {
        var id = new SnapshotId(new Offset(350), new LeaderEpoch(4));
        var theirs = MetadataSnapshotFile.Read(PhysicalFileSystem.Instance, _disk.LogPath, id);
        var bytes = File.ReadAllBytes(Path.Join(_disk.LogPath, id.FileName));
        MetadataSnapshotFile.Write(PhysicalFileSystem.Instance, _disk.LogPath, id, 1_795_380_611_432, theirs, 1_795_380_611_487);
        var ours = File.ReadAllBytes(Path.Join(_disk.LogPath, id.FileName));

        // The header batch is the same byte for byte; the others hold the time at which each was written.
        Assert.Equal(bytes[..83], ours[..83]);
        Assert.Equal(Types(theirs), Types(MetadataSnapshotFile.Read(PhysicalFileSystem.Instance, _disk.LogPath, id)));
    }

    private static string Golden(string name)
    {
        var directory = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Join(directory, "tests", "golden")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("tests/golden");
        }

        return Path.Join(directory, "tests", "golden", "disk", name);
    }

    /// <summary>The types of the records in a part of the dump; those of metadata transactions are not handed on.</summary>
    private static List<string> Dumped(string section)
    {
        var lines = File.ReadAllLines(Golden("dumps/cluster_metadata.txt")).SkipWhile(l => l != section).Skip(1).TakeWhile(l => !l.StartsWith("Dumping", StringComparison.Ordinal));
        return [.. lines.Select(l => TypeInDump().Match(l)).Where(m => m.Success)
            .Select(m => m.Groups["type"].Value.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant())
            .Where(t => t is not "BEGINTRANSACTIONRECORD" and not "ENDTRANSACTIONRECORD")];
    }

    private static List<string> Types(IEnumerable<IMetadataRecord> records) => [.. records.Select(r => r.GetType().Name.ToUpperInvariant())];

    [GeneratedRegex("\"type\":\"(?<type>[A-Z0-9_]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeInDump();
}
