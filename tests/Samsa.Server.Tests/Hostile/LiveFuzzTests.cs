using System.Diagnostics;
using System.Globalization;
using Samsa.Interop.Processes;

namespace Samsa.Server.Tests.Hostile;

/// <summary>Samsa.Fuzz against a broker of its own: a minute on a CI server, some seconds elsewhere.</summary>
[Collection(nameof(AloneCollection))]
public sealed class LiveFuzzTests(ITestOutputHelper output)
{
    private const long MostResidentBytes = 400_000_000;

    [Fact]
    public async Task A_broker_that_is_sent_damaged_frames_serves_on_and_stops_cleanly()
    {
        var seconds = Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? 60 : 10;
        var seed = Random.Shared.Next();
        using var data = new TemporaryDirectory();
        var settings = new BrokerSettings(data.Path, FreePort.Next());
        await using (var broker = await BrokerProcess.StartAsync(settings))
        {
            var (code, said) = await FuzzAsync(broker.Bootstrap, seconds, seed);
            var report = $"{said}\n{broker.Log}";
            output.WriteLine(said);
            Assert.True(code == 0, report);
            Assert.False(broker.HasExited, report);
            Assert.DoesNotContain("failed unexpectedly", broker.Log, StringComparison.Ordinal);
            Assert.InRange(ResidentBytes.Most(broker.Pid), 1, MostResidentBytes);
            Assert.True(await broker.StopAsync() == 0, report);
        }

        // Whatever got into the logs can be read again.
        await using var again = await BrokerProcess.StartAsync(settings);
        Assert.DoesNotContain("OFFLINE", await again.WhenReadyAsync(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> FuzzAsync(string bootstrap, int seconds, int seed)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(BuiltServer.Root, "artifacts", "bin", "Samsa.Fuzz", configuration, "Samsa.Fuzz");
        string[] arguments =
        [
            "--live", bootstrap, "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ];
        using var fuzz = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + 60));
        try
        {
            var said = await fuzz.StandardOutput.ReadToEndAsync(deadline.Token);
            await fuzz.WaitForExitAsync(deadline.Token);
            return (fuzz.ExitCode, said);
        }
        catch (OperationCanceledException)
        {
            fuzz.Kill();
            return (-1, $"Samsa.Fuzz hangs (seed {seed})");
        }
    }
}
