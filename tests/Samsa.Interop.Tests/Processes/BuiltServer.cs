namespace Samsa.Interop.Processes;

/// <summary>Finds the program under test.</summary>
public static class BuiltServer
{
    /// <summary>Names another program to test, such as the NativeAOT binary.</summary>
    private const string Override = "SAMSA_TEST_BINARY";

    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Full path of the `samsa` program: the override, or what was built along with these tests.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Override) is { Length: > 0 } other)
        {
            return System.IO.Path.GetFullPath(other);
        }

        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string built = System.IO.Path.Combine(Root, "artifacts", "bin", "Samsa.Cli", configuration, "samsa");
        return File.Exists(built) ? built : throw new FileNotFoundException($"{built} is missing: build src/Samsa.Cli first");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Samsa.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Samsa.slnx above {AppContext.BaseDirectory}");
    }
}
