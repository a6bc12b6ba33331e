using System.Globalization;

namespace Samsa.Cluster.Tests.Checking;

/// <summary>What a checker counted, and what it found.</summary>
public sealed record Verdict
{
    public required IReadOnlyList<Anomaly> Anomalies { get; init; }
    public required long Sent { get; init; }
    public required long Acknowledged { get; init; }
    public required long Failed { get; init; }
    public required long Unknown { get; init; }
    public required long InLog { get; init; }

    /// <summary>Records that are there more than once, as a producer without idempotence may leave them.</summary>
    public required long Repeated { get; init; }
    public required long Polled { get; init; }
    public required long Commits { get; init; }
    public required long CommitsRead { get; init; }

    public override string ToString()
    {
        string counts = string.Create(CultureInfo.InvariantCulture,
            $"{Sent} sent: {Acknowledged} acknowledged, {Failed} failed, {Unknown} unknown; {InLog} in the log, {Repeated} repeated; {Polled} polled, {Commits} commits, {CommitsRead} read back; ");
        return Anomalies.Count == 0
            ? counts + "no anomaly"
            : $"{counts}{Anomalies.Count} ANOMALIES\n  {string.Join("\n  ", Anomalies.Take(20))}\n  {string.Join(", ", Anomalies.CountBy(a => a.Kind).Select(k => $"{k.Value} {k.Key}"))}";
    }
}
