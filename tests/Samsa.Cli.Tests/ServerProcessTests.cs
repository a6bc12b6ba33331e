using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Samsa.Interop.Processes;

namespace Samsa.Cli.Tests;

/// <summary>The program as its user meets it: a process, its output, its exit code.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_line_says_where_it_serves_and_SIGTERM_stops_it_cleanly()
    {
        var settings = Settings("data");
        await using var broker = await BrokerProcess.StartAsync(settings);

        var line = await broker.WhenReadyAsync();
        Assert.Matches($@"^Samsa \d+\.\d+\.\d+ serves PLAINTEXT://127\.0\.0\.1:{settings.Port}, data in {settings.DataDirectory} \(.+\), ready in \d+\.\d\d s$", line);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, settings.Port, TestContext.Current.CancellationToken);
        }

        Assert.Equal(ExitCode.Success, await broker.StopAsync());
        Assert.Contains("Samsa stopped cleanly", broker.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(settings.DataDirectory, ".kafka_cleanshutdown")));
    }

    [Fact]
    public async Task After_a_kill_it_starts_again_on_the_same_directory()
    {
        var settings = Settings("data");
        await using (var first = await BrokerProcess.StartAsync(settings))
        {
            first.Kill();
        }

        await using var second = await BrokerProcess.StartAsync(settings);
        Assert.Equal(ExitCode.Success, await second.StopAsync());
    }

    [Fact]
    public async Task Port_0_is_replaced_by_the_port_it_was_given()
    {
        await using var broker = await BrokerProcess.StartAsync(Settings("data") with { Port = 0 });

        Assert.Matches(@"serves PLAINTEXT://127\.0\.0\.1:[1-9]\d+,", await broker.WhenReadyAsync());
    }

    [Fact]
    public async Task A_second_broker_on_the_same_directory_is_refused()
    {
        var settings = Settings("data");
        await using var first = await BrokerProcess.StartAsync(settings);

        var (code, error) = Refused("server", "--data", settings.DataDirectory, "--listeners", $"PLAINTEXT://127.0.0.1:{FreePort.Next()}", "--set", "samsa.admin.listener=");

        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(settings.DataDirectory, error, StringComparison.Ordinal);
        Assert.Contains("--data", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_broker_on_the_same_port_is_refused_and_leaves_its_directory_usable()
    {
        var settings = Settings("data");
        await using var first = await BrokerProcess.StartAsync(settings);
        var other = Settings("other") with { Port = settings.Port };

        var (code, error) = Refused([.. other.Arguments()]);

        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains($"127.0.0.1:{settings.Port}", error, StringComparison.Ordinal);
        Assert.Contains("--listeners", error, StringComparison.Ordinal);
        await using var later = await BrokerProcess.StartAsync(other with { Port = FreePort.Next() });
    }

    [Fact]
    public void A_data_directory_that_is_a_file_is_refused_in_words()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var (code, error) = Refused([.. new BrokerSettings(file, FreePort.Next()).Arguments()]);

        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(file, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_whose_only_directory_is_gone_ends_and_says_why()
    {
        var settings = Settings("data");
        await using var broker = await BrokerProcess.StartAsync(settings);

        Directory.Move(settings.DataDirectory, settings.DataDirectory + "-gone");

        Assert.True(broker.EndsWithin(Deadline), broker.Log);
        Assert.Equal(ExitCode.Failure, broker.ExitCode);
        Assert.Contains($"can no longer serve and ends: log directory {settings.DataDirectory}", broker.Log, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Error) Refused(params string[] arguments)
    {
        var start = new ProcessStartInfo(BuiltServer.Path, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill();
            Assert.Fail($"not refused: {error}");
        }

        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("ready in", output.Result, StringComparison.Ordinal);
        return (process.ExitCode, error);
    }

    private BrokerSettings Settings(string name) => new(Path.Combine(_folder.Path, name), FreePort.Next());
}
