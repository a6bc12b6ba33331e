using System.Diagnostics;
using System.Globalization;

namespace Samsa.Cli.Serving;

/// <summary>One life of `samsa server`: start, one ready line, wait for a signal, stop cleanly.</summary>
internal static class ServerRun
{
    public static async Task<int> RunAsync(StartServer start, ServerArguments arguments, TextWriter output, TextWriter error)
    {
        using var signals = new StopSignals();
        RunningServer running;
        try
        {
            running = await start(arguments, signals.Stopping);
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

        await output.WriteLineAsync($"Samsa {VersionCommand.Number} serves {running.Summary}, ready in {Seconds(SinceProcessStart())} s");
        await output.FlushAsync();
        return await UntilStoppedAsync(running, signals, output, error);
    }

    private static async Task<int> UntilStoppedAsync(RunningServer running, StopSignals signals, TextWriter output, TextWriter error)
    {
        var ended = await Task.WhenAny(signals.First, running.Failed);
        if (ended == running.Failed)
        {
            await error.WriteLineAsync($"samsa: the broker stops: {await running.Failed}");
        }
        else
        {
            await output.WriteLineAsync($"Samsa shuts down ({await signals.First}); a second signal ends it at once");
        }

        var clock = Stopwatch.StartNew();
        await running.Server.DisposeAsync();
        await output.WriteLineAsync($"Samsa stopped cleanly in {Seconds(clock.Elapsed)} s");
        return ended == running.Failed ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>From the process's birth, so that the runtime's own start counts too.</summary>
    private static TimeSpan SinceProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return TimeProvider.System.GetLocalNow().DateTime - process.StartTime;
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
