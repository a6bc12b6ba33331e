using System.Text;

namespace Samsa.Storage;

/// <summary>Whole-file operations for the small files: checkpoints, metadata, snapshots.</summary>
public static class FileSystemExtensions
{
    /// <summary>Reads a whole file.</summary>
    public static byte[] ReadAllBytes(this IFileSystem files, string path)
    {
        using var file = files.Open(path, StorageOpenMode.Read);
        var bytes = new byte[file.Length];
        var read = file.Read(bytes, 0);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Reads a whole UTF-8 file.</summary>
    public static string ReadAllText(this IFileSystem files, string path) => Encoding.UTF8.GetString(files.ReadAllBytes(path));

    /// <summary>
    /// Replaces a file by writing <c>NAME.tmp</c> and renaming it, so that a reader, or a start after a crash of the process, finds the old or the
    /// new content but no mixture.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file to replace.</param>
    /// <param name="content">The new content.</param>
    /// <param name="durable">Whether the new content, and its name, shall survive a power cut once this returns.</param>
    public static void ReplaceFile(this IFileSystem files, string path, ReadOnlySpan<byte> content, bool durable)
    {
        var temporary = path + ".tmp";
        using (var file = files.Open(temporary, StorageOpenMode.Truncate))
        {
            file.Write(content, 0);
            if (durable)
            {
                file.Sync();
            }
        }

        files.Rename(temporary, path);
        if (durable && Path.GetDirectoryName(path) is { Length: > 0 } directory)
        {
            files.SyncDirectory(directory);
        }
    }

    /// <inheritdoc cref="ReplaceFile(IFileSystem, string, ReadOnlySpan{byte}, bool)"/>
    public static void ReplaceFile(this IFileSystem files, string path, string content, bool durable) =>
        files.ReplaceFile(path, Encoding.UTF8.GetBytes(content), durable);
}
