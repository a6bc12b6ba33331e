namespace Samsa.Broker.Tests.Configuration;

/// <summary>A table of tab-separated values under <c>tests/golden/config</c>; the first line names the columns.</summary>
internal static class GoldenTable
{
    public static string Root { get; } = FindRoot();

    public static List<Dictionary<string, string>> Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "tests", "golden", "config", name));
        var columns = lines[0].Split('\t');
        return [.. lines.Skip(1).Select(line => columns.Zip(line.Split('\t')).ToDictionary(c => c.First, c => c.Second))];
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Samsa.slnx")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException("the tests must run from a build inside the repository");
    }
}
