using Samsa.Model;

namespace Samsa.Storage;

/// <summary>How far opening a store has come.</summary>
/// <param name="PartitionsDone">Partitions opened, offline ones included.</param>
/// <param name="PartitionsTotal">Partitions found.</param>
/// <param name="BytesScanned">Log bytes whose batches were checked so far.</param>
public readonly record struct RecoveryProgress(int PartitionsDone, int PartitionsTotal, long BytesScanned);

/// <summary>What opening a store found and did.</summary>
public sealed record RecoverySummary
{
    /// <summary>There was nothing to recover.</summary>
    public static RecoverySummary Nothing { get; } = new()
    {
        IsClean = true,
        Partitions = 0,
        SegmentsScanned = 0,
        BytesScanned = 0,
        BytesTruncated = 0,
        Offline = new Dictionary<TopicPartition, string>(),
        OfflineDirectories = new Dictionary<string, string>(),
        Elapsed = TimeSpan.Zero,
    };

    /// <summary>Whether every log directory had been shut down cleanly, so that nothing had to be scanned.</summary>
    public required bool IsClean { get; init; }

    /// <summary>The epoch under which the broker stopped cleanly (KIP-966); -1 where it did not.</summary>
    public long PreviousBrokerEpoch { get; init; } = -1;

    /// <summary>Partitions that are open.</summary>
    public required int Partitions { get; init; }

    /// <summary>Segments whose batches were checked one by one.</summary>
    public required int SegmentsScanned { get; init; }

    /// <summary>Bytes in those segments.</summary>
    public required long BytesScanned { get; init; }

    /// <summary>Bytes cut from the ends of logs: batches that were never wholly written, or not acknowledged as durable.</summary>
    public required long BytesTruncated { get; init; }

    /// <summary>Partitions that could not be opened, with the reason.</summary>
    public required IReadOnlyDictionary<TopicPartition, string> Offline { get; init; }

    /// <summary>Log directories that could not be used, with the reason.</summary>
    public required IReadOnlyDictionary<string, string> OfflineDirectories { get; init; }

    /// <summary>The time it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = $"{Partitions} partitions, {(IsClean ? "clean" : "unclean")} stop";
        if (SegmentsScanned > 0)
        {
            text += $", {SegmentsScanned} segments ({BytesScanned} bytes) scanned";
        }

        if (BytesTruncated > 0)
        {
            text += $", {BytesTruncated} bytes truncated";
        }

        if (Offline.Count > 0)
        {
            text += $", {Offline.Count} partitions offline";
        }

        return OfflineDirectories.Count > 0 ? $"{text}, {OfflineDirectories.Count} log directories offline" : text;
    }
}
