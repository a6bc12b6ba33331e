using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Samsa.Cli.Clusters;

/// <summary>A node of a development cluster: this program again, as `samsa server`.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private static readonly Lock s_writing = new();
    private const int Terminate = 15;
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(int node, Process process, TextWriter output)
    {
        _process = process;
        Node = node;
        Ended = RunAsync(output);
    }

    /// <summary>Its number, from 1.</summary>
    public int Node { get; }

    /// <summary>Completes when it serves.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the process is gone and all it wrote is passed on.</summary>
    public Task<NodeProcess> Ended { get; }

    /// <summary>Starts one.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be run again.</exception>
    public static NodeProcess Start(int node, IEnumerable<string> arguments, TextWriter output)
    {
        var self = Environment.ProcessPath ?? throw new IOException("The path of this program is not known");
        var start = new ProcessStartInfo(self)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Path.Join(AppContext.BaseDirectory, "samsa.dll"));
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new NodeProcess(node, Process.Start(start)!, output);
    }

    /// <summary>Asks it to stop, and ends it where that takes too long.</summary>
    /// <returns>Whether it stopped cleanly.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Terminate);
        }

        try
        {
            await Ended.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Ended;
        }

        return _process.ExitCode == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private async Task<NodeProcess> RunAsync(TextWriter output)
    {
        await Task.WhenAll(PassOnAsync(_process.StandardOutput, output, isOutput: true), PassOnAsync(_process.StandardError, output, isOutput: false));
        await _process.WaitForExitAsync();
        return this;
    }

    // Whole lines, one at a time: the nodes share the terminal.
    private static void Print(string line, TextWriter output)
    {
        lock (s_writing)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private async Task PassOnAsync(StreamReader lines, TextWriter output, bool isOutput)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            Print($"{Node} | {line}", output);
            if (isOutput && line.Contains(" serves ", StringComparison.Ordinal))
            {
                _ready.TrySetResult();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
