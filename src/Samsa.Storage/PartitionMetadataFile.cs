using System.Text;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary><c>partition.metadata</c>: the id of the topic whose partition a directory holds.</summary>
internal static class PartitionMetadataFile
{
    private const string VersionLine = "version: 0";
    private const string TopicIdKey = "topic_id: ";

    public static string Encode(TopicId id) => $"{VersionLine}\n{TopicIdKey}{id}";

    /// <summary>Reads the id; <see cref="TopicId.None"/> where the file is torn.</summary>
    public static TopicId Load(LogFiles files) => Decode(files.Disk.ReadAllText(files.PathOf(LogFiles.MetadataName)));

    /// <summary>Writes the file in place: a torn one is as good as none, and thousands of new partitions are spared a rename each.</summary>
    public static void Store(LogFiles files, TopicId id)
    {
        using var file = files.Disk.Open(files.PathOf(LogFiles.MetadataName), StorageOpenMode.Truncate);
        file.Write(Encoding.UTF8.GetBytes(Encode(id)), 0);
    }

    public static TopicId Decode(string text)
    {
        var lines = text.Split('\n');
        return lines.Length >= 2
            && lines[0].TrimEnd() == VersionLine
            && lines[1].StartsWith(TopicIdKey, StringComparison.Ordinal)
            && TopicId.TryParse(lines[1].AsSpan(TopicIdKey.Length).TrimEnd(), out var id)
            ? id
            : TopicId.None;
    }
}
