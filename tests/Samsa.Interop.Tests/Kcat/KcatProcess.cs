using System.Diagnostics;
using Samsa.Interop.Processes;

namespace Samsa.Interop.Tests.Kcat;

/// <summary>Runs the kcat program.</summary>
internal static class KcatProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Runs it with that input and returns what it wrote to stdout; fails on an exit code other than 0, or after half a minute.</summary>
    public static async Task<string> RunAsync(string input, params string[] arguments)
    {
        TestTool.RequireProgram("kcat");
        var start = new ProcessStartInfo("kcat", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("kcat did not start");
        using var deadline = new CancellationTokenSource(Deadline);
        Task<string> output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"kcat {string.Join(' ', arguments)} did not end within {Deadline.TotalSeconds} s");
        }

        Assert.True(process.ExitCode == 0, $"kcat {string.Join(' ', arguments)} ended with {process.ExitCode}\n{await errors}");
        return await output;
    }
}
