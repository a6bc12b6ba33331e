namespace Samsa.Records.Tests;

/// <summary>Finds the golden data from wherever the tests run.</summary>
internal static class GoldenFiles
{
    internal static string Directory { get; } = Find();

    internal static string Path(params string[] parts) => System.IO.Path.Combine([Directory, .. parts]);

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var golden = System.IO.Path.Combine(at.FullName, "tests", "golden");
            if (System.IO.Directory.Exists(golden))
            {
                return golden;
            }
        }

        throw new DirectoryNotFoundException("tests/golden is in none of the directories above the tests");
    }
}
