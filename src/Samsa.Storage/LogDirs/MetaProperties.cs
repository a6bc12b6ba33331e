using System.Globalization;
using System.Text;
using Samsa.Model;

namespace Samsa.Storage;

/// <summary>
/// Whose data a log directory holds (<c>meta.properties</c>): checked at every start, so that one broker's data is
/// never served, or written, by another.
/// </summary>
/// <param name="ClusterId">The cluster; null only in old directories of version 0.</param>
/// <param name="NodeId">The broker, <c>node.id</c>.</param>
/// <param name="DirectoryId">The directory itself (KIP-858); empty in version 0, which had none.</param>
public sealed record MetaProperties(string? ClusterId, BrokerId NodeId, Guid DirectoryId)
{
    /// <summary>The file's name in the root of a log directory.</summary>
    public const string FileName = "meta.properties";

    /// <summary>A fresh id for a cluster or a directory. Kafka writes every uuid as it writes a topic's.</summary>
    public static Guid NewId() => TopicId.Create().Value;

    /// <summary>The text form of a directory's id, as in the file: URL-safe base64, 22 characters.</summary>
    public static string IdText(Guid id) => new TopicId(id).ToString();

    /// <summary>Reads the file of a log directory; null where there is none, and the directory is nobody's yet.</summary>
    /// <exception cref="LogDirectoryException">It does not say whose directory this is.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static MetaProperties? Read(IFileSystem files, string directory)
    {
        var file = Path.Join(directory, FileName);
        if (!files.FileExists(file))
        {
            return null;
        }

        return TryParse(files.ReadAllBytes(file), out var meta, out var reason)
            ? meta
            : throw new LogDirectoryException($"{file} does not say whose data this is: {reason}");
    }

    /// <summary>Reads version 0 or 1 of the file.</summary>
    /// <param name="text">The file's bytes: Java properties.</param>
    /// <param name="parsed">What the file says.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <returns>False where the file does not say whose directory this is.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> text, out MetaProperties? parsed, out string reason)
    {
        parsed = null;
        var values = ReadProperties(Encoding.UTF8.GetString(text));
        var version = values.GetValueOrDefault("version", "0");
        if (version is not "0" and not "1")
        {
            reason = $"version={version}, which this broker does not know";
            return false;
        }

        var idName = version is "0" ? "broker.id" : "node.id";
        if (!values.TryGetValue(idName, out var idText)
            || !int.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var nodeId))
        {
            reason = $"{idName} is missing or no number";
            return false;
        }

        var clusterId = values.GetValueOrDefault("cluster.id");
        if (version is "1" && string.IsNullOrEmpty(clusterId))
        {
            reason = "cluster.id is missing";
            return false;
        }

        var directoryId = default(TopicId);
        if (values.TryGetValue("directory.id", out var directory) && !TopicId.TryParse(directory, out directoryId))
        {
            reason = $"directory.id={directory} is no id";
            return false;
        }

        reason = string.Empty;
        parsed = new MetaProperties(clusterId, new BrokerId(nodeId), directoryId.Value);
        return true;
    }

    /// <summary>The file's bytes, version 1.</summary>
    internal byte[] Format()
    {
        Invariant.Holds(ClusterId is not null);
        return Encoding.UTF8.GetBytes($"""
            #
            cluster.id={ClusterId}
            directory.id={IdText(DirectoryId)}
            node.id={NodeId}
            version=1

            """);
    }

    private static Dictionary<string, string> ReadProperties(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rawLine in text.AsSpan().EnumerateLines())
        {
            var line = rawLine.Trim();
            var separator = line.IndexOfAny('=', ':');
            if (line is [] or ['#', ..] or ['!', ..] || separator <= 0)
            {
                continue;
            }

            // Java escapes ':', '=' and '\' in values; ids hold none of them unescaped otherwise.
            values[line[..separator].Trim().ToString()] =
                line[(separator + 1)..].Trim().ToString().Replace("\\", string.Empty, StringComparison.Ordinal);
        }

        return values;
    }
}
