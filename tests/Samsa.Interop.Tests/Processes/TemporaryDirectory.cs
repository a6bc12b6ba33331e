namespace Samsa.Interop.Processes;

/// <summary>A folder that disappears with the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Full path; exists.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("samsa-test-").FullName;

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }
}
