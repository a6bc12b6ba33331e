namespace Samsa.Storage.Tests.LogDirs;

/// <summary>A directory of the real disk that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("samsa-").FullName;

    public string In(params string[] names) => System.IO.Path.Join([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
