using System.Text;
using System.Text.Json;

namespace Samsa.Storage;

/// <summary>
/// <c>.kafka_cleanshutdown</c>: says that everything in a log directory was flushed before the broker went, so that the
/// next start need not scan. Removed before the first log is opened: a broker that dies later leaves none.
/// </summary>
internal static class CleanShutdownMarker
{
    /// <summary>The file's name in the root of a log directory.</summary>
    public const string FileName = ".kafka_cleanshutdown";

    /// <summary>"No broker epoch" (KIP-966).</summary>
    public const long NoBrokerEpoch = -1;

    /// <summary>The file's bytes.</summary>
    public static byte[] Format(long brokerEpoch) =>
        Encoding.ASCII.GetBytes($$"""{"version":0,"brokerEpoch":{{brokerEpoch}}}""");

    /// <summary>The epoch under which the broker had been registered; -1 where the marker does not say.</summary>
    public static long BrokerEpochIn(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind is JsonValueKind.Object
                && json.RootElement.TryGetProperty("brokerEpoch", out var epoch)
                && epoch.TryGetInt64(out var value)
                    ? value
                    : NoBrokerEpoch;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Brokers before 3.7 wrote an empty file: the marker counts all the same.
            return NoBrokerEpoch;
        }
    }
}
