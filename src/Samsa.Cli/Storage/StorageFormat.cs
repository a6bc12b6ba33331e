using Samsa.Broker.Configuration;
using Samsa.Model;
using Samsa.Storage;

namespace Samsa.Cli.Storage;

/// <summary>What `samsa storage` does with data directories, and says of them.</summary>
internal static class StorageFormat
{
    /// <summary>Makes the directories those of a node of a cluster.</summary>
    /// <exception cref="LogDirectoryException">The id is none, or a directory is another's or cannot be used.</exception>
    public static IEnumerable<string> Format(BrokerConfig config, string clusterId, bool ignoreFormatted)
    {
        if (!TopicId.TryParse(clusterId, out var id) || !id.IsKnown)
        {
            throw new LogDirectoryException($"'{clusterId}' is no cluster id: 'samsa storage random-uuid' draws one");
        }

        var formatted = config.LogDirs.Where(IsFormatted).ToArray();
        if (formatted.Length > 0 && !ignoreFormatted)
        {
            throw new LogDirectoryException($"{string.Join(", ", formatted)} is formatted already; --ignore-formatted (-g) leaves it as it is");
        }

        using var claimed = LogDirectories.Claim(PhysicalFileSystem.Instance, config.LogDirs, config.NodeId, clusterId);
        return [.. claimed.All.Select(d => $"{d.Path} belongs to node {config.NodeId} of cluster {claimed.ClusterId}")];
    }

    /// <summary>Tells whose the directories are.</summary>
    /// <exception cref="LogDirectoryException">One of them says nothing that can be read.</exception>
    public static IEnumerable<string> Describe(BrokerConfig config)
    {
        foreach (var directory in config.LogDirs.Select(Path.GetFullPath))
        {
            yield return MetaProperties.Read(PhysicalFileSystem.Instance, directory) is { } meta
                ? $"{directory} belongs to node {meta.NodeId} of cluster {meta.ClusterId}, directory id {MetaProperties.IdText(meta.DirectoryId)}"
                : $"{directory} is not formatted";
        }
    }

    private static bool IsFormatted(string directory) => File.Exists(Path.Join(Path.GetFullPath(directory), MetaProperties.FileName));
}
