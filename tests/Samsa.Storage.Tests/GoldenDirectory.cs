using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Samsa.Storage.Tests;

/// <summary>Partition directories that a genuine Kafka wrote, and what is known to be in them.</summary>
internal static class GoldenDirectory
{
    private static readonly Lazy<JsonElement> s_manifest = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Join(Root(), "disk", "manifest.json"))).RootElement.Clone());

    /// <summary>What the manifest says of the files of one partition, by file name.</summary>
    public static Dictionary<string, JsonElement> Manifest(string archive, string partition) =>
        s_manifest.Value.GetProperty(archive).GetProperty("files").EnumerateObject()
            .Where(file => file.Name.StartsWith(partition + "/", StringComparison.Ordinal))
            .ToDictionary(file => file.Name[(partition.Length + 1)..], file => file.Value);

    /// <summary>A disk with one partition of an archive, below <c>/logs</c>.</summary>
    public static SimulatedDisk Unpack(string archive, string partition)
    {
        var disk = new SimulatedDisk();
        using var file = File.OpenRead(Path.Join(Root(), "disk", archive));
        using var reader = new TarReader(new GZipStream(file, CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name.StartsWith(partition + "/", StringComparison.Ordinal))
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                disk.SetContent(Path.Join("/logs", entry.Name), content.ToArray());
            }
        }

        return disk;
    }

    /// <summary>The directory that holds all of it.</summary>
    public static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var golden = Path.Join(at.FullName, "tests", "golden");
            if (Directory.Exists(golden))
            {
                return golden;
            }
        }

        throw new DirectoryNotFoundException("tests/golden is in none of the directories above the tests");
    }
}
