using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HdrHistogram;

namespace Samsa.Load;

/// <summary>The outcome of one run.</summary>
internal sealed record LoadReport(string Workload, LoadOptions Options, long Records, long Failed, long Bytes, TimeSpan Elapsed)
{
    public string? FirstError { get; init; }
    public BrokerUsage? Broker { get; init; }

    /// <summary>This tool's own CPU seconds: near elapsed seconds x cores means that the load, not the broker, was the limit.</summary>
    public double ClientCpuSeconds { get; init; }

    public IReadOnlyList<Latency> Latencies { get; init; } = [];

    public double RecordsPerSecond => Records / Elapsed.TotalSeconds;
    public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;
    private double? BrokerCpuPerGigabyte => Broker is null || Bytes == 0 ? null : Broker.CpuSeconds / (Bytes / 1e9);

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Workload}: {Records:N0} records of {Options.Size:N0} B in {Elapsed.TotalSeconds:F2} s: {RecordsPerSecond:N0} records/s, {MegabytesPerSecond:N1} MB/s");
        if (Failed > 0)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  FAILED: {Failed:N0} records; first error: {FirstError}");
        }

        foreach (Latency latency in Latencies)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {latency.Name,-20} ms: p50 {latency.P50:F3}, p99 {latency.P99:F3}, p99.9 {latency.P999:F3}, max {latency.Max:F3}");
        }

        if (Broker is not null)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  broker: {Broker.CpuSeconds:F2} CPU s, {BrokerCpuPerGigabyte:F2} CPU s/GB, peak memory {Broker.PeakMegabytes:F0} MB, now {Broker.ResidentMegabytes:F0} MB");
        }

        text.AppendLine().Append(CultureInfo.InvariantCulture, $"  client: {ClientCpuSeconds:F2} CPU s of {Elapsed.TotalSeconds * Environment.ProcessorCount:F2} on {Environment.ProcessorCount} cores");
        return text.ToString();
    }

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["workload"] = Workload,
            ["topic"] = Options.Topic,
            ["size"] = Options.Size,
            ["acks"] = Options.Acks,
            ["codec"] = Options.Codec,
            ["batchBytes"] = Options.BatchBytes,
            ["records"] = Records,
            ["failed"] = Failed,
            ["seconds"] = Math.Round(Elapsed.TotalSeconds, 4),
            ["recordsPerSecond"] = Math.Round(RecordsPerSecond),
            ["megabytesPerSecond"] = Math.Round(MegabytesPerSecond, 2),
            ["clientCpuSeconds"] = Math.Round(ClientCpuSeconds, 2),
        };
        if (FirstError is not null)
        {
            json["firstError"] = FirstError;
        }

        foreach (Latency latency in Latencies)
        {
            json[latency.Name] = new JsonObject
            {
                ["p50ms"] = latency.P50,
                ["p99ms"] = latency.P99,
                ["p999ms"] = latency.P999,
                ["maxMs"] = latency.Max,
            };
        }

        if (Broker is not null)
        {
            json["broker"] = new JsonObject
            {
                ["cpuSeconds"] = Math.Round(Broker.CpuSeconds, 2),
                ["cpuSecondsPerGigabyte"] = Math.Round(BrokerCpuPerGigabyte ?? 0, 3),
                ["peakMegabytes"] = Math.Round(Broker.PeakMegabytes, 1),
                ["residentMegabytes"] = Math.Round(Broker.ResidentMegabytes, 1),
            };
        }

        return json.ToJsonString(new JsonSerializerOptions(JsonSerializerDefaults.Web));
    }
}

/// <summary>Percentiles in milliseconds of a histogram that was filled with microseconds.</summary>
internal sealed record Latency(string Name, double P50, double P99, double P999, double Max)
{
    /// <summary>Values up to 5 minutes at three significant digits.</summary>
    public static LongHistogram NewHistogram() => new(300_000_000, 3);

    public static Latency Of(string name, LongHistogram microseconds) => new(
        name,
        microseconds.GetValueAtPercentile(50) / 1e3,
        microseconds.GetValueAtPercentile(99) / 1e3,
        microseconds.GetValueAtPercentile(99.9) / 1e3,
        microseconds.TotalCount == 0 ? 0 : microseconds.GetMaxValue() / 1e3);
}
