using System.Runtime.CompilerServices;

namespace Samsa.Architecture.Tests;

/// <summary>The checkout that these tests were compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Hand-written C# files, generated and built ones left out.</summary>
    public static IEnumerable<SourceFile> Sources(params string[] folders) => Files("*.cs", folders).Select(f => new SourceFile(f));

    /// <summary>Files by pattern below the given folders (all of the repository if none is given).</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders)
    {
        var from = folders.Length == 0 ? [Root] : folders.Select(f => Path.Combine(Root, f)).Where(Directory.Exists);
        return from
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !IsOutput(Relative(file)))
            .Order(StringComparer.Ordinal);
    }

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsOutput(string relative) =>
        relative.Split('/') is var parts && (parts[0] is "artifacts" or ".git" or "samsa-data" || parts.Contains("obj") || parts.Contains("bin"));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Samsa.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("Samsa.slnx is not above the tests");
    }
}

/// <summary>One C# file: its path below the root, and its lines.</summary>
internal sealed class SourceFile(string path)
{
    public string Path { get; } = Repository.Relative(path);

    public string[] Lines { get; } = File.ReadAllLines(path);
}
