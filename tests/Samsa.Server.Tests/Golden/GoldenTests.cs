using System.Text;

namespace Samsa.Server.Tests.Golden;

/// <summary>Replays what was recorded from Apache Kafka 3.9.1; differences are in <see cref="KnownDifferences"/> or fail.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private const int ShownAtMost = 150;

    // The recording's settings, as far as they matter here; its records are from 2023, and must not expire.
    private static readonly string[] Settings =
        ["log.retention.ms=-1", "offsets.topic.num.partitions=4", "transaction.state.log.num.partitions=4", "group.initial.rebalance.delay.ms=0"];

    // Explicit until the server answers all of it; -explicit only runs it.
    [Fact(Explicit = true)]
    public async Task Recorded_requests_are_answered_as_they_were()
    {
        await using TestServer server = await TestServer.StartAsync(Settings);
        using var replay = new GoldenReplay(server);
        await replay.RunAsync(GoldenCase.PlainRun());

        Difference[] unknown = [.. replay.Differences.Where(d => !KnownDifferences.All.Any(known => known.Covers(d)))];
        KnownDifference[] stale = [.. KnownDifferences.All.Where(known => !replay.Differences.Exists(known.Covers))];

        output.WriteLine($"{replay.Compared} compared, {replay.Skipped.Count} not sent:");
        foreach (var skipped in replay.Skipped.GroupBy(s => s.Why).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {skipped.Key}: {skipped.Count()}");
        }

        Assert.True(unknown.Length == 0, Listing($"{unknown.Length} differences in {unknown.DistinctBy(d => d.Case).Count()} cases", unknown));
        Assert.True(stale.Length == 0, Listing("no longer different, take them out of KnownDifferences", stale));
    }

    [Fact]
    public void Every_known_difference_stands_in_the_compatibility_document()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "compatibility.md"));
        string[] listed = [.. document.Split("<!-- differences -->")[1].Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..].Trim())];

        Assert.Equal(KnownDifferences.All.Select(known => known.Reason).Distinct(StringComparer.Ordinal), listed);
    }

    private static string Listing<T>(string title, IReadOnlyList<T> lines)
    {
        var text = new StringBuilder(title).AppendLine();
        foreach (T line in lines.Take(ShownAtMost))
        {
            text.Append("  ").Append(line).AppendLine();
        }

        return lines.Count > ShownAtMost ? text.AppendLine($"  and {lines.Count - ShownAtMost} more").ToString() : text.ToString();
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Samsa.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no Samsa.slnx above the tests");
    }
}
