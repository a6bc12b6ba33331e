using Samsa.Cli.Serving;

namespace Samsa.Cli.Clusters;

/// <summary>One life of `samsa cluster start`: processes, their output, a signal, and their end.</summary>
internal static class ClusterRun
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(ClusterPlan plan, TextWriter output, TextWriter error)
    {
        using var signals = new StopSignals();
        var nodes = new List<NodeProcess>();
        try
        {
            var clusterId = plan.ClusterId();
            for (var node = 1; node <= plan.Nodes; node++)
            {
                nodes.Add(NodeProcess.Start(node, plan.ArgumentsOf(node, clusterId), output));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            await error.WriteLineAsync($"samsa: {e.Message}");
            await StopAsync(nodes);
            return ExitCode.Failure;
        }

        var ready = Task.WhenAll(nodes.Select(n => n.Ready));
        var anyEnded = Task.WhenAny(nodes.Select(n => n.Ended));
        if (await Task.WhenAny(ready, anyEnded, signals.First) == ready)
        {
            await output.WriteLineAsync($"The cluster serves: {plan.BootstrapServers}, data in {Path.GetFullPath(plan.Data)}; Ctrl-C stops it");
            await output.FlushAsync();
            await UntilAllEndedAsync(nodes, signals.First, error);
        }
        else if (anyEnded.IsCompleted)
        {
            await error.WriteLineAsync($"samsa: node {(await (await anyEnded)).Node} could not start; the others are stopped");
        }

        var failed = !signals.First.IsCompleted;
        var clean = await StopAsync(nodes);
        return failed || !clean ? ExitCode.Failure : ExitCode.Success;
    }

    // A cluster outlives its nodes: one that dies, or is killed to see what happens, leaves the others alone.
    private static async Task UntilAllEndedAsync(List<NodeProcess> nodes, Task signal, TextWriter error)
    {
        var alive = nodes.Select(n => n.Ended).ToList();
        while (alive.Count > 0 && await Task.WhenAny([.. alive, signal]) is Task<NodeProcess> ended && !signal.IsCompleted)
        {
            alive.Remove(ended);
            await error.WriteLineAsync(
                $"samsa: node {(await ended).Node} ended by itself; {(alive.Count > 0 ? $"{alive.Count} go on" : "none is left")}");
        }
    }

    private static async Task<bool> StopAsync(List<NodeProcess> nodes)
    {
        var stopping = nodes.Select(n => n.StopAsync(s_patience)).ToArray();
        var clean = await Task.WhenAll(stopping);
        nodes.ForEach(n => n.Dispose());
        return Array.TrueForAll(clean, c => c);
    }
}
