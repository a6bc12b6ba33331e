using System.CommandLine;
using Samsa.Cli.Serving;

namespace Samsa.Cli.Tests;

public sealed class ServerCommandTests
{
    [Fact]
    public async Task Options_become_settings_in_the_order_in_which_the_last_one_wins()
    {
        var arguments = await ReadAsync("--set", "log.dirs=a", "--listeners", "PLAINTEXT://:1", "--config", "f", "--data", "b", "--set", "x = y=z");

        Assert.Equal("f", arguments.ConfigFile);
        Assert.Equal(
            [new("log.dirs", "b"), new("listeners", "PLAINTEXT://:1"), new("log.dirs", "a"), new("x", "y=z")],
            arguments.Settings);
    }

    [Fact]
    public async Task Without_options_nothing_is_set()
    {
        var arguments = await ReadAsync();

        Assert.Null(arguments.ConfigFile);
        Assert.Empty(arguments.Settings);
    }

    [Fact]
    public async Task A_broker_that_cannot_start_says_why_and_nothing_else()
    {
        var (code, output, error) = await RunAsync((_, _) => throw new StartException("port 9092 is in use; choose another one with --listeners"));

        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        Assert.Equal("samsa: port 9092 is in use; choose another one with --listeners\n", error);
    }

    [Fact]
    public async Task A_broker_that_fails_while_it_serves_is_shut_down_and_the_exit_code_tells()
    {
        var server = new Server();
        var (code, output, error) = await RunAsync((_, _) => Task.FromResult(
            new RunningServer("PLAINTEXT://localhost:1, data in /x", server, Task.FromResult("every log directory is offline"))));

        Assert.True(server.IsDisposed);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Matches(@"^Samsa \S+ serves PLAINTEXT://localhost:1, data in /x, ready in \d+\.\d\d s\n", output);
        Assert.Contains("every log directory is offline", error, StringComparison.Ordinal);
    }

    private static async Task<ServerArguments> ReadAsync(params string[] args)
    {
        ServerArguments? seen = null;
        await RunAsync(
            (arguments, _) =>
            {
                seen = arguments;
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
            new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null },
            TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    private sealed class Server : IAsyncDisposable
    {
        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
