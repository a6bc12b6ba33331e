using System.CommandLine;
using Samsa.Broker.Configuration;
using Samsa.Cli.Serving;

namespace Samsa.Cli.Tests;

public sealed class ServerCommandTests
{
    [Fact]
    public async Task Options_are_sources_of_settings()
    {
        var sources = await ReadAsync("--set", "a=1", "--listeners", "PLAINTEXT://:1", "--config", "f", "--data", "d", "--set", "b=x=y");

        Assert.Equal("f", sources.PropertiesFile);
        Assert.Equal("d", sources.Data);
        Assert.Equal("PLAINTEXT://:1", sources.Listeners);
        Assert.Equal(["a=1", "b=x=y"], sources.Set);
    }

    [Fact]
    public async Task Without_options_nothing_is_set()
    {
        var sources = await ReadAsync();

        Assert.Null(sources.PropertiesFile);
        Assert.Null(sources.Data);
        Assert.Null(sources.Listeners);
        Assert.Empty(sources.Set);
    }

    [Fact]
    public async Task A_broker_that_cannot_start_says_why_and_nothing_else()
    {
        var (code, output, error) = await RunAsync((_, _, _) => throw new StartException("port 9092 is in use; choose another one with --listeners"));

        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        Assert.Equal("samsa: port 9092 is in use; choose another one with --listeners\n", error);
    }

    [Fact]
    public async Task A_start_that_fails_for_reasons_of_ours_keeps_its_trace() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync((_, _, _) => throw new InvalidOperationException("a bug")));

    private static async Task<BrokerConfigSources> ReadAsync(params string[] args)
    {
        BrokerConfigSources? seen = null;
        await RunAsync(
            (sources, _, _) =>
            {
                seen = sources;
                throw new StartException("enough");
            },
            args);
        return seen!;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(StartServer start, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ServerCommand.Create(start).Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false },
            TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
