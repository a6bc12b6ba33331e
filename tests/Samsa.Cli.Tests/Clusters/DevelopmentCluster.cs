using System.Diagnostics;
using System.Net;
using System.Text;
using Samsa.Interop.Processes;
using Samsa.Protocol;
using Samsa.Server.Tests;

namespace Samsa.Cli.Tests.Clusters;

/// <summary>`samsa cluster start` as its user runs it: one process that has others.</summary>
internal sealed class DevelopmentCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevelopmentCluster(int basePort, string data)
    {
        (BasePort, Data) = (basePort, data);
        var start = new ProcessStartInfo(BuiltServer.Path, ["cluster", "start", "--nodes", "3", "--base-port", $"{basePort}", "--data", data])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _serves.TrySetException(new InvalidOperationException("the cluster ended before it served"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int BasePort { get; }

    public string Data { get; }

    /// <summary>The id that its directory keeps.</summary>
    public string ClusterId => File.ReadAllText(Path.Combine(Data, "cluster.id")).Trim();

    /// <summary>Where its controllers are, for a node that joins.</summary>
    public string Voters => string.Join(',', Enumerable.Range(1, 3).Select(i => $"{i}@localhost:{BasePort + i - 1 + 1000}"));

    /// <summary>What it and its nodes said.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts three nodes and waits until they serve.</summary>
    public static async Task<DevelopmentCluster> StartAsync(string data)
    {
        var cluster = new DevelopmentCluster(FreeBlock(), data);
        try
        {
            await cluster._serves.Task.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
            return cluster;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await cluster.DisposeAsync();
            throw new BrokerFailedException($"{e.Message}\n{cluster.Output}");
        }
    }

    /// <summary>A connection to a node, from 1.</summary>
    public WireClient Connect(int node) => new(new IPEndPoint(IPAddress.Loopback, BasePort + node - 1));

    public TResponse Ask<TResponse>(int node, IRequest request, short version)
        where TResponse : IResponse
    {
        using var client = Connect(node);
        return client.Call<TResponse>(request, version);
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // Clients' ports, controllers' a thousand above, and those of their quorum another thousand above.
    private static int FreeBlock()
    {
        while (true)
        {
            var first = FreePort.Next();
            int[] needed = [.. Enumerable.Range(0, 3).SelectMany(i => (int[])[first + i, first + 1000 + i, first + 2000 + i])];
            if (Array.TrueForAll(needed, FreePort.IsFree))
            {
                return first;
            }
        }
    }

    private void OnLine(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line?.StartsWith("The cluster serves: ", StringComparison.Ordinal) == true)
        {
            _serves.TrySetResult();
        }
    }
}
