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
            await Task.WhenAny(anyEnded, signals.First);
        }

        var failed = !signals.First.IsCompleted;
        if (failed)
        {
            await error.WriteLineAsync($"samsa: node {(await (await anyEnded)).Node} ended by itself; the others are stopped");
        }

        var clean = await StopAsync(nodes);
        return failed || !clean ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<bool> StopAsync(List<NodeProcess> nodes)
    {
        var stopping = nodes.Select(n => n.StopAsync(s_patience)).ToArray();
        var clean = await Task.WhenAll(stopping);
        nodes.ForEach(n => n.Dispose());
        return Array.TrueForAll(clean, c => c);
    }
}
