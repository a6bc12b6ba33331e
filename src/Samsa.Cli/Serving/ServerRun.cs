using System.Diagnostics;
using System.Globalization;
using Samsa.Broker.Configuration;

namespace Samsa.Cli.Serving;

/// <summary>One life of `samsa server`: start, one ready line, wait for a signal, stop cleanly.</summary>
internal static class ServerRun
{
    public static async Task<int> RunAsync(StartServer start, BrokerConfigSources sources, TextWriter output, TextWriter error)
    {
        using var signals = new StopSignals();
        RunningServer running;
        try
        {
            running = await start(sources, error, signals.Stopping);
        }
        catch (StartException problem)
        {
            await error.WriteLineAsync($"samsa: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            await output.WriteLineAsync($"Samsa was told to stop ({await signals.First}) before it was ready");
            return ExitCode.Success;
        }

        await output.WriteLineAsync($"Samsa {VersionCommand.Number} serves {running.Summary}, ready in {Seconds(ProcessAge.Now)} s");
        await output.FlushAsync();
        if (await Task.WhenAny(signals.First, running.OutOfService) != signals.First)
        {
            await error.WriteLineAsync($"samsa: can no longer serve and ends: {await running.OutOfService}");
            await StopAsync(running.Server, TextWriter.Null, error);
            return ExitCode.Failure;
        }

        await output.WriteLineAsync($"Samsa shuts down ({await signals.First}); a second signal ends it at once");
        return await StopAsync(running.Server, output, error);
    }

    private static async Task<int> StopAsync(IAsyncDisposable server, TextWriter output, TextWriter error)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await server.DisposeAsync();
        }
        catch (IOException disk)
        {
            await error.WriteLineAsync($"samsa: not stopped cleanly, the next start will recover: {disk.Message}");
            return ExitCode.Failure;
        }

        await output.WriteLineAsync($"Samsa stopped cleanly in {Seconds(clock.Elapsed)} s");
        return ExitCode.Success;
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
