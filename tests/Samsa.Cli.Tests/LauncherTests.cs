using System.Diagnostics;
using Samsa.Interop.Processes;

namespace Samsa.Cli.Tests;

/// <summary>`./samsa`: builds when it must, and gets out of the way.</summary>
public sealed class LauncherTests
{
    private static readonly string Launcher = Path.Combine(BuiltServer.Root, "samsa");

    [Fact]
    public void It_passes_arguments_and_exit_code_on_and_costs_next_to_nothing()
    {
        // The first run may build; its progress goes to standard error.
        Assert.StartsWith("Samsa ", Run(Launcher, "version").Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run(Launcher, "server", "--set", "a b=").ExitCode);

        var program = File.ReadAllText(Path.Combine(BuiltServer.Root, "artifacts", "launcher", "cli.stamp")).Trim();
        var direct = Fastest(Path.Combine(program, "samsa"));
        var launched = Fastest(Launcher);
        Assert.True(launched - direct < TimeSpan.FromSeconds(0.3), $"the program takes {direct}, through the launcher {launched}");
    }

    private static TimeSpan Fastest(string program) => Enumerable.Range(0, 5).Min(_ =>
    {
        var clock = Stopwatch.StartNew();
        Run(program, "version");
        return clock.Elapsed;
    });

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is ExitCode.Success or ExitCode.Usage, error.Result);
        return (process.ExitCode, output);
    }
}
