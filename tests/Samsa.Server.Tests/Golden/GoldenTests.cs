using System.Text;
using System.Text.RegularExpressions;

namespace Samsa.Server.Tests.Golden;

/// <summary>Replays what was recorded from Apache Kafka 3.9.1; differences are in <see cref="KnownDifferences"/> or fail.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private const int ShownAtMost = 250;
    private const int CasesShown = 8;

    // The recording's settings, as far as they matter here. Its records are from 2023, and must not expire; the file it was started with
    // states some defaults, and so does this; 3.9 had no limit for timestamps in the future, and no wait between two assignments.
    private static readonly string[] Settings =
    [
        "log.retention.ms=-1", "log.retention.hours=168", "num.io.threads=8", "num.network.threads=3", "num.partitions=1", "log.segment.bytes=1073741824",
        "log.message.timestamp.after.max.ms=9223372036854775807",
        "offsets.topic.num.partitions=4", "transaction.state.log.num.partitions=4", "group.initial.rebalance.delay.ms=0",
        "group.consumer.assignment.interval.ms=0",
    ];

    [Fact]
    public async Task Recorded_requests_are_answered_as_they_were()
    {
        await using TestServer server = await TestServer.StartAsync(Settings);
        using var replay = new GoldenReplay(server);
        await replay.RunAsync(GoldenCase.PlainRun());

        Difference[] unknown = [.. replay.Differences.Where(d => !KnownDifferences.All.Any(known => known.Covers(d)))];
        KnownDifference[] stale = [.. KnownDifferences.All.Where(known => known.IsCertain && !replay.Differences.Exists(known.Covers))];

        output.WriteLine($"{replay.Compared} compared, {replay.Skipped.Count} not sent:");
        foreach (var skipped in replay.Skipped.GroupBy(s => s.Why).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {skipped.Key}: {skipped.Count()}");
        }

        Assert.True(unknown.Length == 0, Listing($"{unknown.Length} differences in {unknown.DistinctBy(d => d.Case).Count()} cases", Alike(unknown)));
        Assert.True(stale.Length == 0, Listing("no longer different, take them out of KnownDifferences", stale));
    }

    [Fact]
    public void Every_known_difference_stands_in_the_compatibility_document()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "compatibility.md"));
        string[] listed = [.. document.Split("<!-- differences -->")[1].Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..].Trim())];

        Assert.Equal(KnownDifferences.All.Select(known => known.Reason).Distinct(StringComparer.Ordinal), listed);
    }

    /// <summary>What differs in the same way in many cases takes one line.</summary>
    private static string[] Alike(Difference[] differences) =>
    [
        .. differences.GroupBy(d => (Path: Regex.Replace(d.Path, @"\[[^]]*]", "[]", RegexOptions.None, TimeSpan.FromSeconds(1)), d.Expected, d.Actual))
            .Select(group => group.Count() == 1
                ? $"{group.First()}"
                : $"{group.Key.Path}: {group.Key.Expected} -> {group.Key.Actual}  in {group.Count()}: {string.Join(' ', group.Select(d => d.Case).Distinct().Take(CasesShown))}"),
    ];

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
