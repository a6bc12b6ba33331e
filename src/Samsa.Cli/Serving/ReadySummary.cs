using System.Globalization;
using Samsa.Broker.Configuration;
using Samsa.Storage;

namespace Samsa.Cli.Serving;

/// <summary>The middle of the ready line: where it serves, where the data is, what recovery found.</summary>
internal static class ReadySummary
{
    /// <param name="listeners">As configured.</param>
    /// <param name="portOf">The port that a listener, by name, was given in the end.</param>
    /// <param name="directories">Log directories.</param>
    /// <param name="recovery">What opening them found.</param>
    /// <param name="partitions">Partitions that are served.</param>
    /// <param name="admin">The admin listener's address, null where it is off.</param>
    public static string Of(
        IEnumerable<ListenerAddress> listeners,
        Func<string, int> portOf,
        IEnumerable<string> directories,
        RecoverySummary recovery,
        int partitions,
        string? admin)
    {
        var addresses = listeners.Select(l => (l with { Port = portOf(l.Name), Host = l.Host.Length == 0 ? "*" : l.Host }).ToString());
        var data = directories.Select(Path.GetFullPath);
        var summary = $"{string.Join(", ", addresses)}, data in {string.Join(", ", data)} ({Count(partitions, "partition")}{Describe(recovery)})";
        return admin is null ? summary : $"{summary}, admin {admin}";
    }

    private static string Describe(RecoverySummary recovery)
    {
        if (recovery.Partitions == 0 && recovery.Offline.Count == 0 && recovery.OfflineDirectories.Count == 0)
        {
            return "";
        }

        var parts = new List<string> { recovery.IsClean ? ", stopped cleanly before" : ", recovered after an unclean stop" };
        if (recovery.BytesScanned > 0)
        {
            parts.Add($"{Size(recovery.BytesScanned)} checked");
        }

        if (recovery.BytesTruncated > 0)
        {
            parts.Add($"{Size(recovery.BytesTruncated)} cut off");
        }

        if (recovery.Offline.Count > 0)
        {
            parts.Add($"{Count(recovery.Offline.Count, "partition")} OFFLINE");
        }

        if (recovery.OfflineDirectories.Count > 0)
        {
            parts.Add($"{Count(recovery.OfflineDirectories.Count, "directory", "directories")} OFFLINE");
        }

        return string.Join(", ", parts);
    }

    /// <summary>Bytes for people: 17 bytes, 1.5 MB.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 10_000 => Count(bytes, "byte"),
        < 1_000_000 => Scaled(bytes / 1e3, "kB"),
        < 1_000_000_000 => Scaled(bytes / 1e6, "MB"),
        _ => Scaled(bytes / 1e9, "GB"),
    };

    private static string Scaled(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {unit}");

    private static string Count(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
