using Samsa.Interop.Processes;

namespace Samsa.Cli.Tests;

public sealed class StorageCommandTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_directory_is_formatted_once_and_then_says_whose_it_is()
    {
        var (code, id, _) = await CommandLine.RunAsync("storage", "random-uuid");
        id = id.Trim();
        Assert.Equal((ExitCode.Success, 22), (code, id.Length));
        var data = Path.Combine(_folder.Path, "data");
        string[] node = ["--data", data, "--set", "node.id=7"];

        (code, var output, _) = await CommandLine.RunAsync(["storage", "info", .. node]);
        Assert.Equal((ExitCode.Success, $"{data} is not formatted"), (code, output.Trim()));
        (code, output, _) = await CommandLine.RunAsync(["storage", "format", "-t", id, .. node]);
        Assert.Equal((ExitCode.Success, $"{data} belongs to node 7 of cluster {id}"), (code, output.Trim()));
        (code, output, _) = await CommandLine.RunAsync(["storage", "info", .. node]);
        Assert.StartsWith($"{data} belongs to node 7 of cluster {id}, directory id ", output, StringComparison.Ordinal);

        (code, _, var error) = await CommandLine.RunAsync(["storage", "format", "-t", id, .. node]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("formatted already", error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, (await CommandLine.RunAsync(["storage", "format", "-g", "-t", id, .. node])).ExitCode);
        (code, _, error) = await CommandLine.RunAsync(["storage", "format", "-g", "-t", "4L6g3nShT-eMCtK--X86sw", .. node]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(id, error, StringComparison.Ordinal);
        (code, _, error) = await CommandLine.RunAsync("storage", "format", "-t", "short", "--data", Path.Combine(_folder.Path, "other"));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("random-uuid", error, StringComparison.Ordinal);
    }
}
