using System.Diagnostics;
using Samsa.Cluster.Tests.Nodes;
using Samsa.Interop.Processes;

namespace Samsa.Cluster.Tests.Evidence;

/// <summary>`samsa cluster describe` is for when things are not as they should be, and works then.</summary>
public sealed class AdministrationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Describe_answers_all_through_a_rolling_restart_and_without_a_controller()
    {
        await using TestCluster cluster = await TestCluster.StartAsync(ThreeNodes.Options);
        using var stopping = new CancellationTokenSource();
        Task<List<Description>> describing = DescribeAgainAndAgainAsync(cluster.Bootstrap, stopping.Token);
        foreach (ClusterNode node in cluster.Nodes)
        {
            await node.StopAsync();
            long start = Stopwatch.GetTimestamp();
            await node.StartAsync();
            output.WriteLine($"node {node.Id} is back after {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        }

        await stopping.CancelAsync();
        List<Description> descriptions = await describing;
        output.WriteLine($"{descriptions.Count} descriptions, the slowest took {descriptions.Max(d => d.Took).TotalSeconds:F1} s");
        Assert.All(descriptions, d => Assert.True(d.ExitCode == 0, d.Text));
        Assert.All(descriptions, d => Assert.Contains("is active, in epoch", d.Text, StringComparison.Ordinal));

        // Without its peers it cannot know that they are gone, nor who decides; and says so.
        await cluster[1].KillAsync();
        await cluster[2].KillAsync();
        Description lonely = await DescribeAsync(cluster.Bootstrap, "--timeout", "3");
        Assert.Equal(1, lonely.ExitCode);
        Assert.Contains($"broker 3 at {cluster[3].Bootstrap}", lonely.Text, StringComparison.Ordinal);
        Assert.Contains("no controller is active", lonely.Text, StringComparison.Ordinal);

        // Who stands still is connected to, and never answers.
        await cluster.StartAllAsync();
        cluster[1].Pause();
        Description patient = await DescribeAsync(cluster.Bootstrap, "--timeout", "15");
        cluster[1].Resume();
        Assert.True(patient.ExitCode == 0, patient.Text);
    }

    private static async Task<List<Description>> DescribeAgainAndAgainAsync(string bootstrap, CancellationToken cancellationToken)
    {
        var all = new List<Description>();
        while (!cancellationToken.IsCancellationRequested)
        {
            all.Add(await DescribeAsync(bootstrap));
        }

        return all;
    }

    private static async Task<Description> DescribeAsync(string bootstrap, params string[] further)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(BuiltServer.Path, ["cluster", "describe", "--bootstrap", bootstrap, .. further])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new Description(process.ExitCode, text, Stopwatch.GetElapsedTime(start));
    }

    private sealed record Description(int ExitCode, string Text, TimeSpan Took);
}
