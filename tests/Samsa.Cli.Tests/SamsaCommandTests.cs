namespace Samsa.Cli.Tests;

public sealed class SamsaCommandTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("server", "--help")]
    [InlineData("version", "--help")]
    public async Task Every_command_explains_itself_with_examples(params string[] args)
    {
        var run = await CommandLine.RunAsync(args);

        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Without_arguments_the_help_is_shown()
    {
        var run = await CommandLine.RunAsync();

        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Contains("server", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'serve'", "serve")]
    [InlineData("'--port'", "server", "--port", "9092")]
    [InlineData("--set takes NAME=VALUE, not 'num.partitions'", "server", "--set", "num.partitions")]
    [InlineData("--set takes NAME=VALUE, not '=3'", "server", "--set", "=3")]
    public async Task A_wrong_command_line_is_refused_with_what_is_wrong(string complaint, params string[] args)
    {
        var run = await CommandLine.RunAsync(args);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Version_is_one_line_with_number_and_runtime()
    {
        var run = await CommandLine.RunAsync("version");

        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Matches(@"^Samsa \d+\.\d+\.\d+( \([0-9a-f]{10}\))? on \.NET 10\.[^,\n]+, \S+\n$", run.Output);
    }
}
